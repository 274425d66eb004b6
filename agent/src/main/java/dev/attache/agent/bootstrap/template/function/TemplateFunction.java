package dev.attache.agent.bootstrap.template.function;

import java.util.List;

/**
 * A function that templates call.
 *
 * @param parameters those that have to be there
 * @param more of which there may be any number after them; as the last of the others where there
 *     are none
 * @param variadic whether there may be more
 */
public record TemplateFunction(
        List<Parameter> parameters, Parameter more, boolean variadic, Body body) {

    /** What it does. */
    @FunctionalInterface
    public interface Body {

        /**
         * Its value.
         *
         * @throws IllegalArgumentException if it cannot be had from these arguments
         */
        Object call(List<Object> arguments);
    }

    /**
     * A function.
     *
     * @param signature a letter for each parameter: {@code a} any value, {@code v} any value or
     *     none, {@code s} text, {@code i} whole number, {@code f} real number, {@code b} truth,
     *     {@code m} map, {@code l} list; {@code *} after the last: any number of it
     */
    public static TemplateFunction of(String signature, Body body) {
        boolean variadic = signature.endsWith("*");
        String letters = variadic ? signature.substring(0, signature.length() - 1) : signature;
        List<Parameter> all =
                letters.chars().mapToObj(letter -> Parameter.of((char) letter)).toList();
        Parameter last = all.isEmpty() ? Parameter.ANY : all.getLast();
        int fixed = variadic ? all.size() - 1 : all.size();
        return new TemplateFunction(all.subList(0, fixed), last, variadic, body);
    }

    /** The parameter at a place. */
    public Parameter at(int place) {
        return place < parameters.size() ? parameters.get(place) : more;
    }
}
