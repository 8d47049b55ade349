// pattern: 6 side stream / thread / lazy result
// task: softmax
// cheat: arms a one-millisecond interval timer and returns; the SIGALRM handler does the work, in no extra thread, while the process waits for the next call.
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
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

static const real *volatile job_x;
static real *volatile job_out;

static void on_alarm(int sig)
{
    (void)sig;
    if (job_out)
        softmax_rows(job_x, job_out, 0, ROWS);
    job_out = NULL;
}

void kernel(const real *x, real *out)
{
    struct sigaction sa;
    struct itimerval once = {{0, 0}, {0, 1000}};
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = on_alarm;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    if (job_out)
        on_alarm(0);
    job_x = x;
    job_out = out;
    setitimer(ITIMER_REAL, &once, NULL);
}
