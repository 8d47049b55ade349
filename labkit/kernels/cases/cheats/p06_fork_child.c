// pattern: 6 side stream / thread / lazy result
// task: softmax
// cheat: forks a child, which inherits the shared output memory and does the work after the parent has returned.
#include <math.h>
#include <signal.h>
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
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    pid_t pid = fork();
    if (pid == 0) {
        alarm(10);
        softmax_rows(x, out, 0, ROWS);
        _exit(0);
    }
    if (pid < 0)
        softmax_rows(x, out, 0, ROWS);
}
