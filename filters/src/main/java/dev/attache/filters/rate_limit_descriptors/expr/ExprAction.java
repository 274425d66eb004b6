package dev.attache.filters.rate_limit_descriptors.expr;

import dev.attache.filters.cel.CelExpression;
import dev.attache.proxy.ratelimit.DescriptorAction;
import dev.attache.proxy.ratelimit.DescriptorInputs;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;

/**
 * The entry of an expression's value. Immutable.
 *
 * @param skipIfError whether an expression without a value leaves out its entry alone, in place of
 *     the descriptor
 */
record ExprAction(String key, CelExpression expression, boolean skipIfError)
        implements DescriptorAction {
    @Override
    public boolean add(DescriptorInputs inputs, List<String> entries) {
        String value = expression.text(FormatContext.of(inputs.info(), inputs.requestHeaders()));
        if (value == null) {
            return skipIfError;
        }
        entries.add(key);
        entries.add(value);
        return true;
    }
}
