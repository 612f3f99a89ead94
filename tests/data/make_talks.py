"""Four talks of 2018 as journals, written down from their speaker's trip reports.

    python -m tests.data.make_talks

What the reports say is told in other words; what they do not say (dates, times, most answers) is
not here, so that it is a blank in what `presenter report` makes of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from presenter.talk import events as e
from presenter.talk.journal import encode

FOLDER = Path(__file__).parent / "talks"
SOURCE = "the speaker's trip report of 2018"

READY = "When will Istio be production ready?"
ROADMAP = "What is on Istio's roadmap?"
OVERHEAD = "What is the performance overhead of Envoy?"
RANCHER = "How is Istio different from Rancher?"


@dataclass(frozen=True, slots=True)
class Talk:
    """What a trip report tells of one talk."""

    facts: Mapping[str, str | Sequence[str]]
    """By the names of `history.FACTS`."""
    questions: Mapping[str, str]
    """With what was answered; empty where the report does not tell."""
    forced: str | None = None
    """Why all demos came from recordings; None where nothing is said of that."""


TALKS = {
    "codemotion-rome": Talk(
        facts={
            "title": "Stop reinventing the wheel with Istio",
            "event": "Codemotion Rome",
            "place": "Rome, Italy",
            "audience": "about 80 people; the room was full, and some of them stood",
            "links": "The slides are called “Stop reinventing the wheel with Istio”; "
            "their address is not kept.",
            "remarks": (
                "The talk went from containers and Kubernetes, and why they are not enough to "
                "manage microservices, to an overview of Istio and to its building blocks: "
                "Envoy, Pilot, Mixer, Traffic Management, with demos along the way.",
                "Live demos of Istio on Kubernetes in Minikube had been planned; there were videos "
                "of them.",
                "It was in the afternoon of the first day, right after lunch.",
                "Codemotion Rome lasts 2 days. More than 1500 developers over those 2 days is the "
                "speaker's guess; official numbers are not known. Most of the audience are "
                "software engineers from Italy, speakers come from all over the world.",
                "Codemotion takes place in several places, such as Amsterdam, Tel Aviv and Rome, "
                "where it is at home.",
                "Google Cloud was a sponsor and had 4 speakers there: on the first day Giovanni "
                "Galloro of the Rome office in the opening keynote, then Felipe Hoffa on Big Data "
                "and Machine Learning, then this talk; Alfredo Morresi, community manager in "
                "Italy, on the second day. Azzura Rogone, community specialist, was there with "
                "people of the Google Developer Group and their booth.",
                "The second talk at Codemotion Rome; the one of last year was about gRPC.",
                "The fifth visit to Rome, as exciting as the first; with a look at Google's small "
                "office the next morning, before the conference.",
                "The second day was missed: the next conference waited.",
            ),
        },
        questions={
            "Will Kubernetes and Istio merge into a single project?": "Probably not: Kubernetes "
            "alone is enough for some, others want more. The two open source projects will live "
            "side by side and complement each other; whether to combine them is for people to "
            "decide.",
            "Can you have custom metrics in Istio?": "Yes. Istio is pluggable: some metrics are "
            "there by default, and adding custom ones is quite easy.",
            "Can our default web gateway be plugged into Istio?": "The question was not quite "
            "clear. But Ingress controls all traffic that comes in, so what the gateway limits "
            "should be possible to limit with Ingress.",
            "Can a custom dashboard be plugged into Istio instead of Grafana?": "Istio being "
            "pluggable, an add-on of one's own should do it; the speaker has not tried it.",
        },
        forced="the laptop refused to connect to the projector; the talk was given from a borrowed "
        "one",
    ),
    "tdc-florianopolis": Talk(
        facts={
            "event": "The Developer Conference (TDC) Florianópolis",
            "place": "Florianópolis (Floripa), Brazil",
            "audience": "about 120+ people in the end, in a big room",
            "language": "English; most other talks were in Portuguese",
            "links": "A video of the interview after the talk; its address is not kept.",
            "remarks": (
                "The same talk as at Codemotion Rome a couple of weeks before: it introduces "
                "containers, Kubernetes and Istio, with demos along the way.",
                "After the talk somebody of Oracle's LATAM DevRel held a short interview.",
                "TDC, driven by its community, and QCon are probably the biggest tech "
                "conferences in Brazil. TDC takes place in Sao Paulo, Porto Alegre and Floripa "
                "throughout the year, with many days and tracks (cloud, microservices, big data, "
                ".NET, Java) and usually 1000+ people; TDC Floripa was said to have close to 4000.",
                "The conference took 4 days; only the first could be attended, for the next "
                "conference waited.",
                "The first talk at TDC was last July in Sao Paulo: .NET Containers with Kubernetes "
                "on Google Cloud.",
                "The first visit to Brazil was last July as well; there have been 3 more since, "
                "mainly to Sao Paulo, then Rio. Florianópolis is to the south of Sao Paulo: a "
                "beach town like Rio, but smaller, and it felt safer.",
                "There too: Rafael Benevides of RedHat, and Rodrigo Cândido Silva and Elder "
                "Moraes, who led the microservices track.",
            ),
        },
        questions={
            READY: "",
            ROADMAP: "",
            OVERHEAD: "It is supposed to be minimal, but there were no exact figures; the speaker "
            "wants to look into it, to give people more guidance.",
            "How does Istio ingress work with existing ingress rules?": "",
            "Does Istio ingress handle denial of service attacks?": "Ingress itself probably does "
            "not; in Google Cloud a load balancer in front of it would.",
            RANCHER: "Rancher makes it easy to deploy Kubernetes, to more clouds than one. Istio "
            "stands on Kubernetes and adds what microservices need: much more than both of them "
            "have.",
            "Do WebSockets work with Envoy?": "The latest versions of Istio support WebSockets, "
            "which only need to be enabled. What the issues were could not be told without the "
            "details.",
        },
    ),
    "qcon-beijing": Talk(
        facts={
            "title": "Istio 101",
            "event": "QCon Beijing",
            "place": "Beijing, China",
            "audience": "probably 200 people; the room was full",
            "remarks": (
                "How many came, and the level of their questions, was a surprise: many in Beijing "
                "seem to be active users of technologies like Kubernetes, and were very curious "
                "about Istio.",
                "QCon is a global conference: Beijing and Shanghai, London, New York, San "
                "Francisco, Sao Paulo. The one in Beijing had many days and tracks and more than "
                "1000+ attendees; only the last day, a Sunday, could be attended.",
                "The first time at QCon, and the first in China: the 48th country. The flight came "
                "from TDC in Floripa.",
                "Beijing is a modern, international city with good public transportation. Visited: "
                "Tiananmen Square, the Great Wall of China, and Google's office in Beijing, the "
                "35th of its offices.",
            ),
        },
        questions={
            READY: "",
            ROADMAP: "",
            OVERHEAD: "",
            "What are the performance characteristics of Istio?": "",
            "How do you talk from Istio to an external database?": "",
            "What is the state of Cloud Foundry with Istio?": "",
            "How is Istio upgraded?": "",
        },
    ),
    "gdg-beijing": Talk(
        facts={
            "title": "Istio 101",
            "event": "Google Developer Group (GDG) Beijing",
            "place": "a co-working space in Beijing, China",
            "remarks": (
                "The same talk as at QCon Beijing, a couple of days later.",
                "The organizers did a great job: banners, videos before the event, and a Q&A "
                "session after the talk, which was an extensive one.",
            ),
        },
        questions={
            ROADMAP: "",
            READY: "",
            OVERHEAD: "",
            "How are long-lived connections handled in Istio?": "",
            "How are route rules deleted without YAML?": "",
            "How does Istio see user agent headers when they are encrypted?": "",
            "Will Istio replace or integrate with Spring Cloud?": "",
            RANCHER: "",
        },
    ),
}


def events_of(talk: Talk) -> list[e.Event]:
    """The talk's events, in the order in which they were written down."""
    events: list[e.Event] = [e.SessionStarted("istio-101.md", "", "", "", source=SOURCE)]
    if talk.forced is not None:
        events.append(e.RecordingForced(talk.forced))
    for name, value in talk.facts.items():
        events.append(e.Told(name, value if isinstance(value, str) else "\n".join(value)))
    events += [e.QuestionNoted(question, "") for question in talk.questions]
    answers = talk.questions.items()
    return events + [e.AnswerNoted(question, answer) for question, answer in answers if answer]


def journal_of(talk: Talk) -> str:
    """The talk's journal; no time of it is known."""
    stamped = (e.Stamped(n, 0.0, "", one) for n, one in enumerate(events_of(talk), start=1))
    return "".join(map(encode, stamped))


def main() -> None:
    for name, talk in TALKS.items():
        (FOLDER / f"{name}.jsonl").write_text(journal_of(talk), "ascii")


if __name__ == "__main__":
    main()
