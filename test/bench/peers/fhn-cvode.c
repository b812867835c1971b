/* A chain of FitzHugh-Nagumo cells as the ordinary differential equation a careful C programmer would write down:
 *   C v_k' = v_k - v_k^3/3 - i_k + (v_{k-1} - v_k)/R + (v_{k+1} - v_k)/R,   L i_k' = v_k - r i_k - b,
 * two unknowns a cell, kicked through a resistor, integrated by CVODE (BDF, analytic sparse Jacobian, KLU).
 *
 * usage: fhn-cvode CELLS RTOL ATOL HMAX < TIMES        (HMAX 0: no limit)
 * Prints one line `t v_1 v_{N/2} v_N` per wanted time, then `# name value` lines of statistics. */
#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>
#include <time.h>

static const double coupling = 2.0, kickResistance = 2.0, inductance = 12.5, series = 0.8, bias = -0.7;
static const double corners[] = {10.0, 10.1, 15.1, 15.2};
static const double kickHeight = 2.5;

typedef struct {
  int cells;
} Chain;

static double kick(double t) {
  if (t <= corners[0] || t >= corners[3]) return 0.0;
  if (t < corners[1]) return kickHeight * (t - corners[0]) / (corners[1] - corners[0]);
  if (t <= corners[2]) return kickHeight;
  return kickHeight * (corners[3] - t) / (corners[3] - corners[2]);
}

/* Conductance of everything linear at v_k, the cell's own recovery branch left out. */
static double loading(int k, int n) {
  return (k == 0 ? 1.0 / kickResistance : 1.0 / coupling) + (k == n - 1 ? 0.0 : 1.0 / coupling);
}

static int rhs(realtype t, N_Vector y, N_Vector dy, void *data) {
  const int n = ((Chain *)data)->cells;
  const double *x = N_VGetArrayPointer(y);
  double *d = N_VGetArrayPointer(dy);
  const double g = 1.0 / coupling;
  for (int k = 0; k < n; k++) {
    const double v = x[2 * k], i = x[2 * k + 1];
    double sum = v - v * v * v / 3.0 - i;
    if (k > 0) sum += g * (x[2 * k - 2] - v);
    if (k < n - 1) sum += g * (x[2 * k + 2] - v);
    d[2 * k] = sum;
    d[2 * k + 1] = (v - series * i - bias) / inductance;
  }
  d[0] += (kick(t) - x[0]) / kickResistance;
  return 0;
}

/* Column 2k: rows 2k-2, 2k, 2k+1, 2k+2; column 2k+1: rows 2k, 2k+1. */
static int jacobian(realtype t, N_Vector y, N_Vector fy, SUNMatrix J, void *data, N_Vector a, N_Vector b, N_Vector c) {
  (void)t; (void)fy; (void)a; (void)b; (void)c;
  const int n = ((Chain *)data)->cells;
  const double *x = N_VGetArrayPointer(y);
  sunindextype *start = SUNSparseMatrix_IndexPointers(J), *row = SUNSparseMatrix_IndexValues(J);
  double *value = SUNSparseMatrix_Data(J);
  sunindextype at = 0;
  const double g = 1.0 / coupling;
  for (int k = 0; k < n; k++) {
    const double v = x[2 * k];
    start[2 * k] = at;
    if (k > 0) { row[at] = 2 * k - 2; value[at++] = g; }
    row[at] = 2 * k; value[at++] = 1.0 - v * v - loading(k, n);
    row[at] = 2 * k + 1; value[at++] = 1.0 / inductance;
    if (k < n - 1) { row[at] = 2 * k + 2; value[at++] = g; }
    start[2 * k + 1] = at;
    row[at] = 2 * k; value[at++] = -1.0;
    row[at] = 2 * k + 1; value[at++] = -series / inductance;
  }
  start[2 * n] = at;
  return 0;
}

/* The steady state: Newton on v alone (i = (v - b)/r), each step one tridiagonal solve. The conductance is monotone. */
static void rest(int n, double *x) {
  const double g = 1.0 / coupling;
  double *v = calloc(n, sizeof *v), *upper = malloc(n * sizeof *upper), *step = malloc(n * sizeof *step);
  for (int k = 0; k < n; k++) v[k] = -1.2;
  for (int round = 0; round < 60; round++) {
    double largest = 0.0;
    for (int k = 0; k < n; k++) {
      double f = v[k] * v[k] * v[k] / 3.0 - v[k] + (v[k] - bias) / series + loading(k, n) * v[k];
      if (k > 0) f -= g * v[k - 1];
      if (k < n - 1) f -= g * v[k + 1];
      double diagonal = v[k] * v[k] - 1.0 + 1.0 / series + loading(k, n);
      double right = -f;
      if (k > 0) {
        diagonal += g * upper[k - 1];
        right += g * step[k - 1];
      }
      upper[k] = -g / diagonal;
      step[k] = right / diagonal;
    }
    for (int k = n - 2; k >= 0; k--) step[k] -= upper[k] * step[k + 1];
    for (int k = 0; k < n; k++) {
      v[k] += step[k];
      if (fabs(step[k]) > largest) largest = fabs(step[k]);
    }
    if (largest < 1e-15) break;
  }
  for (int k = 0; k < n; k++) {
    x[2 * k] = v[k];
    x[2 * k + 1] = (v[k] - bias) / series;
  }
  free(v); free(upper); free(step);
}

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void check(int flag, const char *what) {
  if (flag >= 0) return;
  fprintf(stderr, "fhn-cvode: %s failed with %d\n", what, flag);
  exit(1);
}

int main(int count, char **word) {
  if (count != 5) {
    fprintf(stderr, "usage: fhn-cvode CELLS RTOL ATOL HMAX < TIMES\n");
    return 2;
  }
  Chain chain = {atoi(word[1])};
  const double rtol = atof(word[2]), atol = atof(word[3]), hmax = atof(word[4]);
  const int n = chain.cells;
  size_t wanted = 0, room = 1024;
  double *times = malloc(room * sizeof *times);
  while (scanf("%lf", &times[wanted]) == 1)
    if (++wanted == room) times = realloc(times, (room *= 2) * sizeof *times);
  double *samples = malloc(3 * wanted * sizeof *samples);

  SUNContext context;
  check(SUNContext_Create(NULL, &context), "SUNContext_Create");
  N_Vector y = N_VNew_Serial(2 * n, context);
  SUNMatrix J = SUNSparseMatrix(2 * n, 2 * n, 6 * (sunindextype)n, CSC_MAT, context);
  rest(n, N_VGetArrayPointer(y));

  const double begin = cpu();
  SUNLinearSolver klu = SUNLinSol_KLU(y, J, context);
  check(SUNLinSol_KLUSetOrdering(klu, 0), "SUNLinSol_KLUSetOrdering");
  void *cvode = CVodeCreate(CV_BDF, context);
  check(CVodeInit(cvode, rhs, 0.0, y), "CVodeInit");
  check(CVodeSStolerances(cvode, rtol, atol), "CVodeSStolerances");
  check(CVodeSetUserData(cvode, &chain), "CVodeSetUserData");
  check(CVodeSetLinearSolver(cvode, klu, J), "CVodeSetLinearSolver");
  check(CVodeSetJacFn(cvode, jacobian), "CVodeSetJacFn");
  check(CVodeSetMaxNumSteps(cvode, 100000000), "CVodeSetMaxNumSteps");
  if (hmax > 0) check(CVodeSetMaxStep(cvode, hmax), "CVodeSetMaxStep");

  /* The source has corners: stop at each and begin afresh behind it. */
  long steps = 0, evaluations = 0, factors = 0, newton = 0, rejections = 0, done;
  size_t next = 0;
  realtype t = 0.0;
  for (int leg = 0; leg < 5 && next < wanted; leg++) {
    const double end = leg < 4 ? corners[leg] : INFINITY;
    check(CVodeSetStopTime(cvode, leg < 4 ? end : 2.0 * times[wanted - 1]), "CVodeSetStopTime");
    while (next < wanted && times[next] <= end) {
      if (times[next] > t) check(CVode(cvode, times[next], y, &t, CV_NORMAL), "CVode");
      const double *x = N_VGetArrayPointer(y);
      samples[3 * next] = x[0];
      samples[3 * next + 1] = x[2 * (n / 2 - 1)];
      samples[3 * next + 2] = x[2 * n - 2];
      next++;
    }
    if (next < wanted && t < end) check(CVode(cvode, end, y, &t, CV_NORMAL), "CVode");
    CVodeGetNumSteps(cvode, &done), steps += done;
    CVodeGetNumRhsEvals(cvode, &done), evaluations += done;
    CVodeGetNumLinSolvSetups(cvode, &done), factors += done;
    CVodeGetNumNonlinSolvIters(cvode, &done), newton += done;
    CVodeGetNumErrTestFails(cvode, &done), rejections += done;
    if (next < wanted) check(CVodeReInit(cvode, t, y), "CVodeReInit");
  }
  const double seconds = cpu() - begin;

  for (size_t k = 0; k < wanted; k++)
    printf("%.17g %.17g %.17g %.17g\n", times[k], samples[3 * k], samples[3 * k + 1], samples[3 * k + 2]);
  printf("# unknowns %d\n# points %ld\n# newton %ld\n# factorisations %ld\n", 2 * n, steps, newton, factors);
  printf("# evaluations %ld\n# rejections %ld\n# analysis %.6f\n", evaluations, rejections, seconds);
  return 0;
}
