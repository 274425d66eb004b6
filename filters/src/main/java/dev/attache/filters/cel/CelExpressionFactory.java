package dev.attache.filters.cel;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.Overlay;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.filters.cel.plan.PlanException;
import dev.attache.filters.cel.plan.Planner;
import dev.attache.filters.cel.syntax.Parser;
import dev.attache.filters.cel.syntax.Syntax;
import dev.attache.filters.cel.syntax.SyntaxException;
import dev.cel.expr.Expr;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions, as text or as trees of either API. A tree is evaluated as it is, without
 * being written out and parsed.
 */
public final class CelExpressionFactory {
    private CelExpressionFactory() {}

    /**
     * {@code envoy.config.core.v3.CelExpressionConfig}, which has no class.
     *
     * @param config null where it is not set
     */
    public static FunctionOptions options(@Nullable Overlay config) {
        return config == null
                ? FunctionOptions.NONE
                : new FunctionOptions(
                        config.flag("enable_string_conversion"),
                        config.flag("enable_string_concat"),
                        config.flag("enable_string_functions"));
    }

    /** What {@code xds.node} is where expressions are told: in access logs and formats. */
    public static NodeMessage node(CompileContext context) {
        Node node = context.settings().node().get();
        Locality locality = node.getLocality();
        return new NodeMessage(
                true,
                node.getId(),
                node.getCluster(),
                locality.getRegion(),
                locality.getZone(),
                locality.getSubZone(),
                MetadataValues.compile(node.getMetadata()));
    }

    /**
     * An expression as text.
     *
     * @param text characters
     * @param node what {@code xds.node} is
     */
    public static CelExpression parse(String text, FunctionOptions options, NodeMessage node)
            throws CelException {
        try {
            return plan(Parser.parse(text), options, node);
        } catch (SyntaxException e) {
            throw new CelException(
                    "Not able to parse expression: INVALID_ARGUMENT: " + e.getMessage());
        }
    }

    /**
     * Whether a text is one of the language, whatever it asks for.
     *
     * @param text characters
     */
    public static boolean parses(String text) {
        try {
            Syntax unused = Parser.parse(text);
            return true;
        } catch (SyntaxException e) {
            return false;
        }
    }

    /** A tree of {@code cel.expr}. */
    public static CelExpression compile(Expr expr, FunctionOptions options, NodeMessage node)
            throws CelException {
        return plan(ExpressionWire.tree(expr), options, node);
    }

    /** A tree of {@code google.api.expr.v1alpha1}, which reads the same. */
    public static CelExpression compile(
            com.google.api.expr.v1alpha1.Expr expr, FunctionOptions options, NodeMessage node)
            throws CelException {
        try {
            return compile(Expr.parseFrom(expr.toByteString()), options, node);
        } catch (InvalidProtocolBufferException e) {
            throw new CelException("Failed to convert to cel::expr expression.");
        }
    }

    /** {@code xds.type.v3.CelExpression}: the checked tree, the parsed one, or an older one. */
    @SuppressWarnings("deprecation") // the older trees are what most control planes send
    public static CelExpression compile(
            com.github.xds.type.v3.CelExpression expression,
            FunctionOptions options,
            NodeMessage node)
            throws CelException {
        if (expression.hasCelExprChecked()) {
            return compile(expression.getCelExprChecked().getExpr(), options, node);
        }
        if (expression.hasCelExprParsed()) {
            return compile(expression.getCelExprParsed().getExpr(), options, node);
        }
        return switch (expression.getExprSpecifierCase()) {
            case PARSED_EXPR -> compile(expression.getParsedExpr().getExpr(), options, node);
            case CHECKED_EXPR -> compile(expression.getCheckedExpr().getExpr(), options, node);
            case EXPRSPECIFIER_NOT_SET -> throw new CelException("CEL expression not set.");
        };
    }

    private static CelExpression plan(Syntax tree, FunctionOptions options, NodeMessage node)
            throws CelException {
        try {
            return new CelExpression(
                    Planner.plan(tree, options, node),
                    Planner.planUntilResponse(tree, options, node));
        } catch (PlanException e) {
            throw new CelException("failed to create an expression: " + e.getMessage());
        }
    }
}
