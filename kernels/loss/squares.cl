// The squared error and rank-one curvatures. Matrices are samples by outputs.

// r = z − y; partial[group] = the group's ½ Σ r².
KERNEL(squared_error)(GLOBAL const REAL* restrict z, INDEX z0, INDEX z_stride, GLOBAL const REAL* restrict targets,
    INDEX targets0, INDEX targets_stride, GLOBAL REAL* restrict r, INDEX r0, INDEX r_stride, INDEX rows, INDEX columns,
    GLOBAL double* restrict partial)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    double sum = 0;
    FOR_EACH_ROW(n, rows)
        FOR_EACH_COLUMN(c, columns, n) {
            double residual = (double)z[z0 + n * z_stride + c] - targets[targets0 + n * targets_stride + c];
            r[r0 + n * r_stride + c] = (REAL)residual;
            sum = fma(residual, residual, sum);
        }
    sum = sum_of_group(sum, work);
    if (THREAD(0) == 0)
        partial[GROUP(0)] = 0.5 * sum;
}

// y = s·⟨g, x⟩ g; row i belongs to sample i mod samples. y may be x.
KERNEL(row_outer)(GLOBAL const REAL* restrict g, INDEX g0, INDEX g_stride, INDEX samples, double scale,
    GLOBAL const REAL* x, INDEX x0, INDEX x_stride, GLOBAL REAL* y, INDEX y0, INDEX y_stride, INDEX rows, INDEX columns)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(i, rows) {
        GLOBAL const REAL* gradient = g + g0 + i % samples * g_stride;
        double dot = 0;
        FOR_EACH_COLUMN(c, columns, i)
            dot = fma((double)gradient[c], (double)x[x0 + i * x_stride + c], dot);
        dot = scale * sum_of_row(dot, work);
        FOR_EACH_COLUMN(c, columns, i)
            y[y0 + i * y_stride + c] = (REAL)(dot * gradient[c]);
    }
}
