// Steps of optimisers, each in one pass over memory.

// g' = g + decay·θ; m = mu·m + g'; θ = θ − rate·(nesterov ? g' + mu·m : m).
KERNEL(momentum_step)(GLOBAL REAL* restrict theta, INDEX theta0, GLOBAL const REAL* restrict gradient, INDEX gradient0,
    GLOBAL REAL* restrict momentum, INDEX momentum0, double rate, double mu, double decay, int nesterov, INDEX n)
{
    theta += theta0;
    gradient += gradient0;
    momentum += momentum0;
    FOR_EACH(i, n) {
        REAL g = multiply_add((REAL)decay, theta[i], gradient[i]);
        REAL m = multiply_add((REAL)mu, momentum[i], g);
        momentum[i] = m;
        theta[i] = multiply_add(-(REAL)rate, nesterov ? multiply_add((REAL)mu, m, g) : m, theta[i]);
    }
}

// g' = g + decay·θ; m = β₁m + (1 − β₁)g'; v = β₂v + (1 − β₂)g'²; θ = θ − rate·m/(√(correction·v) + ε), where the rate and the
// correction of v hold those for step t.
KERNEL(adam_step)(GLOBAL REAL* restrict theta, INDEX theta0, GLOBAL const REAL* restrict gradient, INDEX gradient0,
    GLOBAL REAL* restrict m, INDEX m0, GLOBAL REAL* restrict v, INDEX v0,
    double decay, double beta1, double beta2, double rate, double correction, double epsilon, INDEX n)
{
    theta += theta0;
    gradient += gradient0;
    m += m0;
    v += v0;
    FOR_EACH(i, n) {
        REAL g = multiply_add((REAL)decay, theta[i], gradient[i]);
        REAL first = multiply_add((REAL)beta1, m[i], (REAL)(1 - beta1) * g);
        REAL second = multiply_add((REAL)beta2, v[i], (REAL)(1 - beta2) * g * g);
        m[i] = first;
        v[i] = second;
        theta[i] -= (REAL)rate * first / (sqrt((REAL)correction * second) + (REAL)epsilon);
    }
}
