package dev.attache.filters.cel;

import dev.attache.filters.cel.syntax.Syntax;
import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Null;
import dev.attache.filters.cel.value.Times;
import dev.attache.filters.cel.value.Uint;
import dev.attache.proxy.http.Octets;
import dev.cel.expr.Constant;
import dev.cel.expr.Expr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * From {@code cel.expr.Expr}, and {@code google.api.expr.v1alpha1.Expr} that is the same on the
 * wire, to a tree. What a checker has added is not looked at, as Envoy does not.
 */
final class ExpressionWire {
    private ExpressionWire() {}

    static Syntax tree(Expr expr) throws CelException {
        return switch (expr.getExprKindCase()) {
            case CONST_EXPR -> new Syntax.Literal(constant(expr.getConstExpr()));
            case IDENT_EXPR -> new Syntax.Name(name(expr.getIdentExpr().getName()));
            case SELECT_EXPR -> {
                Expr.Select select = expr.getSelectExpr();
                yield new Syntax.Select(
                        tree(select.getOperand()), select.getField(), select.getTestOnly());
            }
            case CALL_EXPR -> {
                Expr.Call call = expr.getCallExpr();
                yield new Syntax.Call(
                        call.hasTarget() ? tree(call.getTarget()) : null,
                        call.getFunction(),
                        all(call.getArgsList()));
            }
            case LIST_EXPR -> {
                if (expr.getListExpr().getOptionalIndicesCount() > 0) {
                    throw new CelException("optional list elements are not supported");
                }
                yield new Syntax.Listing(all(expr.getListExpr().getElementsList()));
            }
            case STRUCT_EXPR -> struct(expr.getStructExpr());
            case COMPREHENSION_EXPR -> new Syntax.Comprehension();
            case EXPRKIND_NOT_SET -> throw new CelException("Invalid empty expression");
        };
    }

    private static String name(String name) throws CelException {
        if (name.isEmpty()) {
            throw new CelException("Invalid expression: identifier 'name' must not be empty");
        }
        return name;
    }

    private static List<Syntax> all(List<Expr> exprs) throws CelException {
        List<Syntax> trees = new ArrayList<>(exprs.size());
        for (Expr expr : exprs) {
            trees.add(tree(expr));
        }
        return trees;
    }

    private static Syntax struct(Expr.CreateStruct struct) throws CelException {
        List<Syntax.Entry> entries = new ArrayList<>();
        List<Syntax.Field> fields = new ArrayList<>();
        for (Expr.CreateStruct.Entry entry : struct.getEntriesList()) {
            if (entry.getOptionalEntry()) {
                throw new CelException("optional entries are not supported");
            }
            if (entry.hasMapKey()) {
                entries.add(new Syntax.Entry(tree(entry.getMapKey()), tree(entry.getValue())));
            } else {
                fields.add(new Syntax.Field(entry.getFieldKey(), tree(entry.getValue())));
            }
        }
        return struct.getMessageName().isEmpty()
                ? new Syntax.Mapping(entries)
                : new Syntax.Message(struct.getMessageName(), fields);
    }

    @SuppressWarnings("deprecation") // constants of times are deprecated, and honoured by Envoy
    private static Object constant(Constant constant) throws CelException {
        return switch (constant.getConstantKindCase()) {
            case NULL_VALUE -> Null.NULL;
            case BOOL_VALUE -> constant.getBoolValue();
            case INT64_VALUE -> constant.getInt64Value();
            case UINT64_VALUE -> new Uint(constant.getUint64Value());
            case DOUBLE_VALUE -> constant.getDoubleValue();
            case STRING_VALUE -> Octets.of(constant.getStringValue());
            case BYTES_VALUE ->
                    new Bytes(constant.getBytesValue().toString(StandardCharsets.ISO_8859_1));
            case DURATION_VALUE ->
                    inBounds(
                            Times.duration(
                                    constant.getDurationValue().getSeconds(),
                                    constant.getDurationValue().getNanos()));
            case TIMESTAMP_VALUE ->
                    inBounds(
                            Times.instant(
                                    constant.getTimestampValue().getSeconds(),
                                    constant.getTimestampValue().getNanos()));
            case CONSTANTKIND_NOT_SET -> throw new CelException("unsupported constant type");
        };
    }

    private static Object inBounds(Object constant) throws CelException {
        if (constant == Fault.FAULT) {
            throw new CelException("a constant is no duration, or no time");
        }
        return constant;
    }
}
