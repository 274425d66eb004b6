package dev.attache.filters.matching.input_matchers;

import dev.attache.filters.cel.CelExpression;
import dev.attache.proxy.matching.Decision;
import dev.attache.proxy.matching.InputMatcher;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds where the expression comes to true. Where it does not, but has asked for the response,
 * which is not there yet, it is open. Immutable.
 */
record ExpressionMatcher(CelExpression expression) implements InputMatcher {
    private static final List<String> KINDS = List.of("cel_data_input");

    @Override
    public Decision test(@Nullable Object value) {
        if (!(value instanceof HttpMatchData data)) {
            return Decision.NO;
        }
        FormatContext context = context(data);
        if (expression.matches(context)) {
            return Decision.YES;
        }
        return isComplete(data) || !expression.asksResponse(context)
                ? Decision.NO
                : Decision.UNDECIDED;
    }

    private static boolean isComplete(HttpMatchData data) {
        return data.requestHeaders() != null
                && data.responseHeaders() != null
                && data.responseTrailers() != null;
    }

    private static FormatContext context(HttpMatchData data) {
        return new FormatContext(
                data.info(),
                data.requestHeaders(),
                data.responseHeaders(),
                data.responseTrailers(),
                "",
                FormatContext.AccessLogType.NotSet);
    }

    @Override
    public List<String> kinds() {
        return KINDS;
    }
}
