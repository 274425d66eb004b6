package dev.attache.filters.cel.plan;

import dev.attache.filters.cel.attribute.Attribute;
import dev.attache.filters.cel.attribute.AttributeRoot;
import dev.attache.filters.cel.attribute.HeaderMap;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.Function;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.filters.cel.function.Functions;
import dev.attache.filters.cel.function.RegexFunctions;
import dev.attache.filters.cel.syntax.Syntax;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.TypeName;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a tree what can be evaluated: names become attributes, calls functions. One use each.
 *
 * <p>Longer than files here should be: one case for each form of expression.
 */
public final class Planner {
    /** Types that stand for themselves. */
    private static final Set<String> TYPES =
            Set.of(
                    "bool",
                    "int",
                    "uint",
                    "double",
                    "string",
                    "bytes",
                    "list",
                    "map",
                    "null_type",
                    "type");

    private static final Set<String> ENUM_VALUES = Set.of("google.protobuf.NullValue.NULL_VALUE");

    private static final IpAddress NOWHERE = IpAddress.parse("0.0.0.0", 0);

    /** For what looks at no request. */
    private static final FormatContext NO_REQUEST =
            FormatContext.of(
                    new StreamInfo(new ConnectionInfo(0, 0, 0, NOWHERE, NOWHERE), 0, 0), null);

    private final FunctionOptions options;
    private final NodeMessage node;

    /** Whether what is of the response ends the evaluation. */
    private final boolean watching;

    private boolean asksResponse;

    private Planner(FunctionOptions options, NodeMessage node, boolean watching) {
        this.options = options;
        this.node = node;
        this.watching = watching;
    }

    /**
     * What evaluates an expression.
     *
     * @param node what {@code xds.node} is
     */
    public static Node plan(Syntax tree, FunctionOptions options, NodeMessage node)
            throws PlanException {
        return new Planner(options, node, false).of(tree);
    }

    /**
     * What evaluates an expression as far as it goes without the response, and then throws {@link
     * AskedException}; null where no part of it asks for the response.
     */
    public static @Nullable Node planUntilResponse(
            Syntax tree, FunctionOptions options, NodeMessage node) throws PlanException {
        Planner planner = new Planner(options, node, true);
        Node plan = planner.of(tree);
        return planner.asksResponse ? plan : null;
    }

    private Node of(Syntax tree) throws PlanException {
        return switch (tree) {
            case Syntax.Literal literal -> new Nodes.Constant(literal.value());
            case Syntax.Name name -> name(name.name());
            case Syntax.Select select -> select(select);
            case Syntax.Call call -> call(call);
            case Syntax.Listing listing -> listing(listing.items());
            case Syntax.Mapping mapping -> mapping(mapping.entries());
            case Syntax.Message message -> message(message);
            case Syntax.Comprehension loop ->
                    throw new PlanException("Comprehension support is disabled");
        };
    }

    /** A name that nothing has is a fault, as it may be in a branch that is not taken. */
    private Node name(String name) {
        AttributeRoot root = AttributeRoot.of(name);
        if (watching && root == AttributeRoot.RESPONSE) {
            asksResponse = true;
            return Nodes.Asked.ASKED;
        }
        if (root != null) {
            return new Nodes.OfRoot(root, node);
        }
        return new Nodes.Constant(
                ENUM_VALUES.contains(name)
                        ? (Object) 0L
                        : TYPES.contains(name) ? new TypeName(name) : Fault.FAULT);
    }

    private Node select(Syntax.Select select) throws PlanException {
        String qualified = qualified(select);
        if (qualified != null && ENUM_VALUES.contains(qualified)) {
            return name(qualified);
        }
        String field = Octets.of(select.field());
        Node direct = field(select.operand(), field, select.test());
        if (direct != null) {
            return direct;
        }
        Node operand = of(select.operand());
        return folded(
                select.test() ? new Nodes.Has(operand, field) : new Nodes.Select(operand, field),
                operand);
    }

    /** What is found without making maps on the way, or null. */
    private @Nullable Node field(Syntax operand, String field, boolean test) {
        if (operand instanceof Syntax.Name(String name)) {
            AttributeRoot root = AttributeRoot.of(name);
            boolean watched = watching && root == AttributeRoot.RESPONSE;
            if (root == null || root == AttributeRoot.METADATA || watched) {
                return null;
            }
            if (root == AttributeRoot.UPSTREAM_FILTER_STATE && test) {
                return null; // without an upstream it is a fault to ask
            }
            Attribute attribute = root.attribute(field, node);
            if (attribute == null) {
                return new Nodes.Constant(test ? (Object) false : Fault.FAULT);
            }
            return test ? new Nodes.HasAttribute(attribute) : new Nodes.OfAttribute(attribute);
        }
        if (operand instanceof Syntax.Select(Syntax.Name(String name), String headers, boolean has)
                && !has
                && name.equals("request")
                && headers.equals("headers")) {
            HeaderName header = HeaderMap.ofRequest(field);
            if (header == null) {
                return new Nodes.Constant(test ? (Object) false : Fault.FAULT);
            }
            return test ? new Nodes.HasRequestHeader(header) : new Nodes.OfRequestHeader(header);
        }
        return null;
    }

    /** {@code a.b.c} of nothing but names, or null. */
    private static @Nullable String qualified(Syntax tree) {
        if (tree instanceof Syntax.Name(String name)) {
            return name;
        }
        if (tree instanceof Syntax.Select(Syntax operand, String field, boolean test) && !test) {
            String before = qualified(operand);
            return before == null ? null : before + "." + field;
        }
        return null;
    }

    private Node call(Syntax.Call call) throws PlanException {
        List<Syntax> arguments = call.arguments();
        switch (call.function()) {
            case "_&&_", "_||_":
                if (call.target() == null && arguments.size() >= 2) {
                    return logical(call);
                }
                break;
            case "_?_:_":
                if (call.target() == null && arguments.size() == 3) {
                    Node[] parts = all(arguments);
                    return folded(new Nodes.Choice(parts[0], parts[1], parts[2]), parts);
                }
                break;
            case "_[_]":
                if (call.target() == null && arguments.size() == 2) {
                    return index(arguments.get(0), arguments.get(1));
                }
                break;
            case "@not_strictly_false", "__not_strictly_false__":
                if (call.target() == null && arguments.size() == 1) {
                    Node operand = of(arguments.getFirst());
                    return folded(new Nodes.NotStrictlyFalse(operand), operand);
                }
                break;
            default:
                break;
        }
        return function(call);
    }

    private Node logical(Syntax.Call call) throws PlanException {
        Node[] parts = all(call.arguments());
        return folded(new Nodes.Logical(parts, call.function().equals("_||_")), parts);
    }

    private Node index(Syntax operand, Syntax key) throws PlanException {
        if (key instanceof Syntax.Literal(Object value) && value instanceof String field) {
            Node direct = field(operand, field, false);
            if (direct != null) {
                return direct;
            }
        }
        Node holder = of(operand);
        Node at = of(key);
        return folded(new Nodes.Index(holder, at), holder, at);
    }

    private Node function(Syntax.Call call) throws PlanException {
        Syntax target = call.target();
        String prefix = target == null ? null : qualified(target);
        if (prefix != null) {
            String name = prefix + "." + call.function();
            Function named = Functions.find(name, false, call.arguments().size(), options);
            if (named != null) {
                return apply(named, named(name, call.arguments()));
            }
        }
        List<Syntax> arguments = new ArrayList<>();
        if (target != null) {
            arguments.add(target);
        }
        arguments.addAll(call.arguments());
        if (call.function().equals("matches") && arguments.size() == 2) {
            return matches(arguments.get(0), arguments.get(1));
        }
        Function function =
                Functions.find(call.function(), target != null, arguments.size(), options);
        if (function == null) {
            throw new PlanException(
                    "No overload found in reference resolve step for " + call.function());
        }
        return apply(function, all(arguments));
    }

    /** A pattern that is known is compiled now, and refused if it is none. */
    private Node matches(Syntax text, Syntax pattern) throws PlanException {
        Node value = of(text);
        if (pattern instanceof Syntax.Literal(Object known) && known instanceof String regex) {
            try {
                return folded(new Nodes.Matches(RegexFunctions.matches(regex), value), value);
            } catch (IllegalArgumentException e) {
                throw new PlanException("invalid regular expression: " + e.getMessage());
            }
        }
        return apply((Function.Binary) RegexFunctions::matches, value, of(pattern));
    }

    /** The same of {@code re.*}, where one that is none is a fault when it is used. */
    private Node[] named(String function, List<Syntax> arguments) throws PlanException {
        Node[] nodes = all(arguments);
        if (function.startsWith("re.")
                && nodes.length > 1
                && nodes[1] instanceof Nodes.Constant(Object known)
                && known instanceof String pattern) {
            nodes[1] = new Nodes.Constant(patternOrFault(pattern));
        }
        return nodes;
    }

    private static Object patternOrFault(String pattern) {
        try {
            return RegexFunctions.known(pattern);
        } catch (IllegalArgumentException e) {
            return Fault.FAULT;
        }
    }

    private static Node apply(Function function, Node... arguments) {
        return folded(
                switch (function) {
                    case Function.Unary unary -> new Nodes.Unary(unary, arguments[0]);
                    case Function.Binary binary ->
                            new Nodes.Binary(binary, arguments[0], arguments[1]);
                    case Function.Several several -> new Nodes.Several(several, arguments);
                },
                arguments);
    }

    private Node[] all(List<Syntax> trees) throws PlanException {
        Node[] nodes = new Node[trees.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = of(trees.get(i));
        }
        return nodes;
    }

    private Node listing(List<Syntax> items) throws PlanException {
        Node[] nodes = all(items);
        return folded(new Nodes.Listing(nodes), nodes);
    }

    private Node mapping(List<Syntax.Entry> entries) throws PlanException {
        Node[] keys = new Node[entries.size()];
        Node[] values = new Node[entries.size()];
        Node[] both = new Node[entries.size() * 2];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = of(entries.get(i).key());
            values[i] = of(entries.get(i).value());
            both[i * 2] = keys[i];
            both[i * 2 + 1] = values[i];
        }
        return folded(new Nodes.Mapping(keys, values), both);
    }

    private Node message(Syntax.Message message) throws PlanException {
        Node[] values = new Node[message.fields().size()];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            names.add(message.fields().get(i).name());
            values[i] = of(message.fields().get(i).value());
        }
        return apply(MessageFunctions.find(message.type(), names), values);
    }

    /** What depends on constants alone is evaluated now, once. */
    private static Node folded(Node node, Node... parts) {
        for (Node part : parts) {
            if (!(part instanceof Nodes.Constant)) {
                return node;
            }
        }
        try {
            return new Nodes.Constant(node.evaluate(NO_REQUEST));
        } catch (EndedException e) {
            return node; // it may be in a branch that is not taken
        }
    }
}
