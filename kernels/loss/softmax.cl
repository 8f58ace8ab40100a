// Cross-entropy of the softmax, its derivatives, and its errors. Matrices are samples by classes.

// p = softmax(z); partial[group] = the group's Σ −⟨q, log p⟩, with q = (1 − smoothing) onehot(labels) + smoothing / columns.
KERNEL(softmax_cross_entropy)(GLOBAL const REAL* restrict z, INDEX z0, INDEX z_stride, GLOBAL const int* restrict labels,
    INDEX labels0, GLOBAL REAL* restrict p, INDEX p0, INDEX p_stride, double smoothing, INDEX rows, INDEX columns,
    GLOBAL double* restrict partial)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    double loss = 0;
    FOR_EACH_ROW(n, rows) {
        GLOBAL const REAL* logits = z + z0 + n * z_stride;
        GLOBAL REAL* target = p + p0 + n * p_stride;
        double max = IS_ROW(n) ? logits[0] : 0, ties = 0, rest = 0, all = 0;
        FOR_EACH_COLUMN(c, columns, n)
            max = logits[c] > max ? logits[c] : max;
        max = largest_of_row(max, work);
        FOR_EACH_COLUMN(c, columns, n) {
            double margin = logits[c] - max, power = exp(margin);
            all += margin;
            ties += margin == 0 ? 1 : 0;
            rest += margin == 0 ? 0 : power;
            target[c] = (REAL)power;
        }
        // The largest powers are 1 each; all but one of them, with the rest, are what the sum has beyond 1, which may be tiny.
        rest = sum_of_row(rest, work) + (sum_of_row(ties, work) - 1);
        FOR_EACH_COLUMN(c, columns, n)
            target[c] = (REAL)(target[c] / (1 + rest));
        if (smoothing > 0)
            all = sum_of_row(all, work);
        if (IS_FIRST_OF_ROW(n)) {
            double margin = logits[labels[labels0 + n]] - max;
            loss += log1p(rest) - (smoothing > 0 ? margin + smoothing * (all / columns - margin) : margin);
        }
    }
    loss = sum_of_group(loss, work);
    if (THREAD(0) == 0)
        partial[GROUP(0)] = loss;
}

// g = p − q with q = q_other beside the label; at the label −Σ of the others, where p − q would cancel.
KERNEL(softmax_gradient)(GLOBAL const REAL* restrict p, INDEX p0, INDEX p_stride, GLOBAL const int* restrict labels,
    INDEX labels0, GLOBAL REAL* restrict g, INDEX g0, INDEX g_stride, double q_other, INDEX rows, INDEX columns)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(n, rows) {
        INDEX label = IS_ROW(n) ? labels[labels0 + n] : 0;
        double sum = 0;
        FOR_EACH_COLUMN(c, columns, n) {
            double difference = p[p0 + n * p_stride + c] - q_other;
            sum += c == label ? 0 : difference;
            g[g0 + n * g_stride + c] = (REAL)difference;
        }
        sum = sum_of_row(sum, work);
        FOR_EACH_COLUMN(c, columns, n)
            if (c == label)
                g[g0 + n * g_stride + c] = (REAL)-sum;
    }
}

// y = s·(diag p − p pᵀ) x; row i belongs to sample i mod samples. y may be x. x is taken relative to the entry that has nearly all of p,
// where p∘(x − mean) would cancel.
KERNEL(softmax_hessian)(GLOBAL const REAL* restrict p, INDEX p0, INDEX p_stride, INDEX samples, double scale,
    GLOBAL const REAL* x, INDEX x0, INDEX x_stride, GLOBAL REAL* y, INDEX y0, INDEX y_stride, INDEX rows, INDEX columns)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(i, rows) {
        GLOBAL const REAL* probability = p + p0 + i % samples * p_stride;
        GLOBAL const REAL* tangent = x + x0 + i * x_stride;
        double origin = 0, mean = 0;
        FOR_EACH_COLUMN(c, columns, i)
            origin += probability[c] > 0.5 ? tangent[c] : 0;
        origin = sum_of_row(origin, work);
        FOR_EACH_COLUMN(c, columns, i)
            mean = fma((double)probability[c], tangent[c] - origin, mean);
        mean = sum_of_row(mean, work);
        FOR_EACH_COLUMN(c, columns, i)
            y[y0 + i * y_stride + c] = (REAL)(scale * probability[c] * (tangent[c] - origin - mean));
    }
}

// Row n of matrix c of the stack is √(s p_nc)·(e_c − p_n), c from `first` on; 1 − p_nc is the sum of the others.
KERNEL(softmax_factors)(GLOBAL const REAL* restrict p, INDEX p0, INDEX p_stride, INDEX samples, double scale, INDEX first,
    GLOBAL REAL* restrict y, INDEX y0, INDEX y_stride, INDEX rows, INDEX columns)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    FOR_EACH_ROW(i, rows) {
        INDEX matrix = i / samples, c = first + matrix;
        GLOBAL const REAL* probability = p + p0 + (i - matrix * samples) * p_stride;
        double factor = IS_ROW(i) ? sqrt(scale * probability[c]) : 0, rest = 0;
        FOR_EACH_COLUMN(j, columns, i)
            rest += j == c ? 0 : probability[j];
        rest = sum_of_row(rest, work);
        FOR_EACH_COLUMN(j, columns, i)
            y[y0 + i * y_stride + j] = (REAL)(factor * (j == c ? rest : -probability[j]));
    }
}

// partial[group] = the rows whose first largest entry is not at the label.
KERNEL(count_errors)(GLOBAL const REAL* restrict z, INDEX z0, INDEX z_stride, GLOBAL const int* restrict labels, INDEX labels0,
    INDEX rows, INDEX columns, GLOBAL double* restrict partial)
{
    LOCAL_ARRAY(double, work, GROUP_SIZE);
    double errors = 0;
    FOR_EACH_ROW(n, rows) {
        GLOBAL const REAL* outputs = z + z0 + n * z_stride;
        INDEX label = IS_ROW(n) ? labels[labels0 + n] : 0;
        double winners = 0;
        // A number is not less than NaN: as the first entry, NaN is the largest, elsewhere it never is.
        FOR_EACH_COLUMN(c, columns, n)
            winners += c > label ? outputs[c] > outputs[label]
                : c == label ? 0
                : c == 0 ? !(outputs[c] < outputs[label])
                : outputs[c] >= outputs[label];
        winners = sum_of_row(winners, work);
        if (IS_FIRST_OF_ROW(n) && winners > 0)
            errors++;
    }
    errors = sum_of_group(errors, work);
    if (THREAD(0) == 0)
        partial[GROUP(0)] = errors;
}
