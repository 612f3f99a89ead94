"""Small faults put into the code on purpose, and whether the tests find them.

    uv run --group mutation python -m tests.mutation [NAME…] [--survivors]

mutmut makes one change at a time (a number, a comparison, a word, an argument, a branch) to the
functions of a module and runs the tests that call the changed one. What makes no test fail has
survived: nobody would have noticed. Nothing in the checkout is changed; all is done in a copy.
"""
