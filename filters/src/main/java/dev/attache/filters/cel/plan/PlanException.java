package dev.attache.filters.cel.plan;

/** An expression cannot be evaluated, whatever the request; says why in Envoy's words. */
public final class PlanException extends Exception {
    private static final long serialVersionUID = 1;

    PlanException(String reason) {
        super(reason);
    }
}
