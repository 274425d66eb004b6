package dev.attache.filters.matching.input_matchers;

import com.github.xds.type.matcher.v3.CelMatcher;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpression;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.proxy.matching.InputMatcher;

/** Asks an expression; it is not told of the node. */
public final class CelMatcherFactory implements ExtensionCompiler<CelMatcher, InputMatcher> {
    @Override
    public CelMatcher prototype() {
        return CelMatcher.getDefaultInstance();
    }

    @Override
    public Compiled<InputMatcher> compile(CelMatcher proto, CompileContext context) {
        try {
            CelExpression expression =
                    CelExpressionFactory.compile(
                            proto.getExprMatch(), FunctionOptions.NONE, NodeMessage.UNKNOWN);
            return context.result(new ExpressionMatcher(expression));
        } catch (CelException e) {
            context.at("expr_match").error(String.valueOf(e.getMessage()));
            return context.result(null);
        }
    }
}
