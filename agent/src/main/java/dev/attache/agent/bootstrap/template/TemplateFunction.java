package dev.attache.agent.bootstrap.template;

import java.util.List;

/** A function that templates call. */
@FunctionalInterface
public interface TemplateFunction {

    /**
     * Its value.
     *
     * @throws IllegalArgumentException if it cannot be had from these arguments
     */
    Object call(List<Object> arguments);
}
