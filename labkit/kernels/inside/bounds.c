// Linked to a C kernel that is compiled with -fsanitize=kernel-address, which calls one of these before each
// load and store: whether it lies in the shared memory but in none of the call's arrays.
#include <stddef.h>
#include <stdint.h>

#define PLAIN __attribute__((no_sanitize_address))
#define MOST 64

static uintptr_t first, last, from[MOST], to[MOST];
static volatile uintptr_t stray;
static int arrays;

PLAIN void __lab_arrays(uintptr_t base, uintptr_t size, int n, const uintptr_t *starts, const uintptr_t *ends) {
    first = base, last = base + size, stray = 0, arrays = n < MOST ? n : MOST;
    for (int i = 0; i < arrays; i++) from[i] = starts[i], to[i] = ends[i];
}

PLAIN uintptr_t __lab_stray(void) { return stray; }

PLAIN static inline void look(uintptr_t at, size_t size) {
    if (at + size <= first || at >= last || !size) return;
    for (int i = 0; i < arrays; i++)
        if (at >= from[i] && at + size <= to[i]) return;
    stray = at;
}

#define BOTH(n) \
    PLAIN void __asan_load##n##_noabort(uintptr_t at) { look(at, n); } \
    PLAIN void __asan_store##n##_noabort(uintptr_t at) { look(at, n); }
BOTH(1) BOTH(2) BOTH(4) BOTH(8) BOTH(16)
PLAIN void __asan_loadN_noabort(uintptr_t at, size_t size) { look(at, size); }
PLAIN void __asan_storeN_noabort(uintptr_t at, size_t size) { look(at, size); }
PLAIN void __asan_handle_no_return(void) {}

// Of other sizes than the compiler knows, these are calls.
void *__real_memcpy(void *, const void *, size_t), *__real_memmove(void *, const void *, size_t);
void *__real_memset(void *, int, size_t);

PLAIN void *__wrap_memcpy(void *a, const void *b, size_t n) {
    look((uintptr_t)a, n), look((uintptr_t)b, n);
    return __real_memcpy(a, b, n);
}

PLAIN void *__wrap_memmove(void *a, const void *b, size_t n) {
    look((uintptr_t)a, n), look((uintptr_t)b, n);
    return __real_memmove(a, b, n);
}

PLAIN void *__wrap_memset(void *a, int c, size_t n) {
    look((uintptr_t)a, n);
    return __real_memset(a, c, n);
}
