package dev.attache.filters.formatter.cel;

import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpression;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.FormatCommand;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * {@code %CEL%} is a string in JSON whatever the expression comes to, {@code %TYPED_CEL%} has the
 * type of its value. Immutable.
 */
record CelCommands(FunctionOptions options, NodeMessage node) implements CommandFactory {

    @Override
    public @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        boolean typed = name.equals("TYPED_CEL");
        if (!typed && !name.equals("CEL")) {
            return null;
        }
        CelExpression expression;
        try {
            expression =
                    CelExpressionFactory.parse(argument == null ? "" : argument, options, node);
        } catch (CelException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return typed ? new Typed(expression, maxLength) : c -> text(expression, c, maxLength);
    }

    private static @Nullable String text(
            CelExpression expression, FormatContext context, int maxLength) {
        String text = expression.text(context);
        return text == null ? null : cut(text, maxLength);
    }

    private static String cut(String text, int maxLength) {
        return maxLength < 0 || text.length() <= maxLength ? text : text.substring(0, maxLength);
    }

    private record Typed(CelExpression expression, int maxLength) implements FormatCommand {
        @Override
        public @Nullable String text(FormatContext context) {
            return CelCommands.text(expression, context, maxLength);
        }

        @Override
        public boolean appendJson(StringBuilder out, FormatContext context) {
            MetadataValue value = expression.json(context);
            if (value == null || value == MetadataValue.Null.INSTANCE) {
                return false;
            }
            if (value instanceof MetadataValue.Text(String octets)) {
                JsonText.quoteOctets(out, cut(octets, maxLength));
            } else {
                JsonText.append(out, value);
            }
            return true;
        }
    }
}
