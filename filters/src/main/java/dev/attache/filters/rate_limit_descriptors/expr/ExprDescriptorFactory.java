package dev.attache.filters.rate_limit_descriptors.expr;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpression;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.ratelimit.DescriptorAction;
import io.envoyproxy.envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor;
import org.jspecify.annotations.Nullable;

/** Compiles the expression. */
public final class ExprDescriptorFactory
        implements ExtensionCompiler<Descriptor, DescriptorAction> {
    @Override
    public Descriptor prototype() {
        return Descriptor.getDefaultInstance();
    }

    @Override
    public Compiled<DescriptorAction> compile(Descriptor proto, CompileContext context) {
        CelExpression expression = expression(proto, context);
        return context.result(
                expression == null
                        ? null
                        : new ExprAction(
                                Octets.of(proto.getDescriptorKey()),
                                expression,
                                proto.getSkipIfError()));
    }

    private static @Nullable CelExpression expression(Descriptor proto, CompileContext context) {
        FunctionOptions options = CelExpressionFactory.options(null);
        NodeMessage node = CelExpressionFactory.node(context);
        try {
            return switch (proto.getExprSpecifierCase()) {
                case TEXT -> CelExpressionFactory.parse(proto.getText(), options, node);
                case PARSED -> CelExpressionFactory.compile(proto.getParsed(), options, node);
                case EXPRSPECIFIER_NOT_SET -> {
                    context.error("expression is not set", "set text or parsed");
                    yield null;
                }
            };
        } catch (CelException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
