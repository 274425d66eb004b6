package dev.attache.filters.rbac;

import dev.attache.filters.cel.CelExpression;

/** {@code condition}: an expression that has to come to true. Immutable. */
record Condition(CelExpression expression) implements Check {

    @Override
    public boolean holds(Facts facts) {
        return expression.matches(facts.formatContext());
    }
}
