"""What runs on the far side of the process boundary: broker, guards and the child's harness.

Standard library only and no import of labkit: the broker is started with `python -I -S`, so that it
stays small (a child's peak memory starts at its launcher's) and sees nothing of the user's environment.
The story starts in `broker.py`.
"""
