package dev.attache.filters.access_loggers.cel;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpression;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.proxy.accesslog.AccessLogFilter;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;

/** Logs what the expression comes to true for; an error is no reason to log. */
public final class ExpressionFilterFactory
        implements ExtensionCompiler<ExpressionFilter, AccessLogFilter> {
    @Override
    public ExpressionFilter prototype() {
        return ExpressionFilter.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogFilter> compile(ExpressionFilter proto, CompileContext context) {
        try {
            CelExpression expression =
                    CelExpressionFactory.parse(
                            proto.getExpression(),
                            CelExpressionFactory.options(Overlay.of(proto).overlay("cel_config")),
                            CelExpressionFactory.node(context));
            AccessLogFilter.Extension filter = expression::matches;
            return context.result(filter);
        } catch (CelException e) {
            context.at("expression").error(String.valueOf(e.getMessage()));
            return context.result(null);
        }
    }
}
