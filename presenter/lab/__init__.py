"""A real Kubernetes control plane on this machine's loopback, with simulated nodes and no images.

etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok: what a client sees of them
is what it sees of any cluster, but no container ever runs. For tests, recordings, and speakers who
want to try a talk without Minikube. Linux only.
"""
