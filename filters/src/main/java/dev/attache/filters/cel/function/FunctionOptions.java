package dev.attache.filters.cel.function;

/**
 * {@code envoy.config.core.v3.CelExpressionConfig}: functions that are off unless asked for, as
 * what they make has no bound.
 *
 * @param conversion {@code string(x)}
 * @param concatenation {@code +} of strings and of bytes
 * @param strings {@code replace}, {@code split} and the like
 */
public record FunctionOptions(boolean conversion, boolean concatenation, boolean strings) {
    public static final FunctionOptions NONE = new FunctionOptions(false, false, false);
}
