package dev.attache.filters.cel.plan;

import dev.attache.filters.cel.attribute.Attribute;
import dev.attache.filters.cel.attribute.AttributeRoot;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.Function;
import dev.attache.filters.cel.value.CelMap;
import dev.attache.filters.cel.value.CelMessage;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.LiteralMap;
import dev.attache.filters.cel.value.Numbers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations that expressions consist of. */
final class Nodes {
    private Nodes() {}

    private static Object orFault(@Nullable Object value) {
        return value == null ? Fault.FAULT : value;
    }

    /** A value that does not depend on anything. */
    record Constant(Object value) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return value;
        }
    }

    /** Something of the response, where only that it is asked for is of interest. */
    enum Asked implements Node {
        ASKED;

        @Override
        public Object evaluate(FormatContext context) {
            throw AskedException.ASKED;
        }
    }

    /** {@code request.path}. */
    record OfAttribute(Attribute attribute) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return orFault(attribute.of(context));
        }
    }

    /** {@code has(request.path)}. */
    record HasAttribute(Attribute attribute) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return attribute.of(context) != null;
        }
    }

    /** {@code request} by itself. */
    record OfRoot(AttributeRoot root, NodeMessage node) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return orFault(root.whole(context, node));
        }
    }

    /** {@code request.headers['name']} without a map of them. */
    record OfRequestHeader(HeaderName name) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Headers headers = context.requestHeaders();
            return orFault(headers == null ? null : headers.getJoined(name));
        }
    }

    /** Whether a request has a header. */
    record HasRequestHeader(HeaderName name) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Headers headers = context.requestHeaders();
            return headers != null && headers.contains(name);
        }
    }

    record Select(Node operand, String field) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return switch (operand.evaluate(context)) {
                case CelMap map -> orFault(map.get(field));
                case CelMessage message -> message.field(field);
                default -> Fault.FAULT;
            };
        }
    }

    record Has(Node operand, String field) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return switch (operand.evaluate(context)) {
                case CelMap map -> map.get(field) != null;
                case CelMessage message -> message.has(field);
                default -> Fault.FAULT;
            };
        }
    }

    record Index(Node operand, Node key) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Object holder = operand.evaluate(context);
            Object at = key.evaluate(context);
            if (at == Fault.FAULT) {
                return Fault.FAULT;
            }
            return switch (holder) {
                case CelMap map -> orFault(map.get(at));
                case List<?> list -> {
                    int index = Numbers.index(at, list.size());
                    yield index < 0 ? Fault.FAULT : list.get(index);
                }
                default -> Fault.FAULT;
            };
        }
    }

    /**
     * {@code &&} and {@code ||}: the value that decides is enough, wherever it stands; without one
     * what is no flag is a fault.
     *
     * @param deciding false of {@code &&}
     */
    record Logical(Node[] parts, boolean deciding) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            boolean known = true;
            for (Node part : parts) {
                Object value = part.evaluate(context);
                if (value instanceof Boolean flag) {
                    if (flag == deciding) {
                        return deciding;
                    }
                } else {
                    known = false;
                }
            }
            return known ? (Object) !deciding : Fault.FAULT;
        }
    }

    record Choice(Node condition, Node yes, Node no) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return condition.evaluate(context) instanceof Boolean flag
                    ? (flag ? yes : no).evaluate(context)
                    : Fault.FAULT;
        }
    }

    /** True also of a fault. */
    record NotStrictlyFalse(Node operand) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            return !Boolean.FALSE.equals(operand.evaluate(context));
        }
    }

    record Unary(Function.Unary function, Node only) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Object value = only.evaluate(context);
            return value == Fault.FAULT ? value : function.apply(value);
        }
    }

    /** {@code matches} with a pattern that is known: what is no text ends the evaluation. */
    record Matches(Function.Unary pattern, Node text) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Object value = text.evaluate(context);
            if (!(value instanceof String)) {
                throw EndedException.ENDED;
            }
            return pattern.apply(value);
        }
    }

    record Binary(Function.Binary function, Node left, Node right) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Object first = left.evaluate(context);
            if (first == Fault.FAULT) {
                return first;
            }
            Object second = right.evaluate(context);
            return second == Fault.FAULT ? second : function.apply(first, second);
        }
    }

    record Several(Function.Several function, Node[] arguments) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            Object[] values = new Object[arguments.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments[i].evaluate(context);
                if (values[i] == Fault.FAULT) {
                    return Fault.FAULT;
                }
            }
            return function.apply(values);
        }
    }

    record Listing(Node[] items) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            List<Object> values = new ArrayList<>(items.length);
            for (Node item : items) {
                Object value = item.evaluate(context);
                if (value == Fault.FAULT) {
                    return value;
                }
                values.add(value);
            }
            return values;
        }
    }

    record Mapping(Node[] keys, Node[] values) implements Node {
        @Override
        public Object evaluate(FormatContext context) {
            LiteralMap map = new LiteralMap();
            for (int i = 0; i < keys.length; i++) {
                Object key = keys[i].evaluate(context);
                Object value = values[i].evaluate(context);
                if (key == Fault.FAULT || value == Fault.FAULT || !LiteralMap.isKey(key)) {
                    return Fault.FAULT;
                }
                if (!map.add(key, value)) {
                    throw EndedException.ENDED;
                }
            }
            return map;
        }
    }
}
