// pattern: 6 side stream / thread / lazy result
// task: softmax
// cheat: forks twice and leaves its session, so that the worker is no child of the candidate any more, and lets that process write the shared output after the reply.
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>
#include "task.h"

static void softmax_rows(const real *x, real *out, long from, long to)
{
    for (long r = from; r < to; r++) {
        const real *a = x + r * COLS;
        real *o = out + r * COLS;
        float m = -INFINITY, s = 0;
        for (int c = 0; c < COLS; c++)
            m = (float)a[c] > m ? (float)a[c] : m;
        for (int c = 0; c < COLS; c++)
            s += expf((float)a[c] - m);
        for (int c = 0; c < COLS; c++)
            o[c] = (real)(expf((float)a[c] - m) / s);
    }
}

void kernel(const real *x, real *out)
{
    pid_t pid = fork();
    if (pid < 0) {
        softmax_rows(x, out, 0, ROWS);
        return;
    }
    if (pid == 0) {
        setsid();
        if (fork() != 0)
            _exit(0);
        alarm(5);
        softmax_rows(x, out, 0, ROWS);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}
