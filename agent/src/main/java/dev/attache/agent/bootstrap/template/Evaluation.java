package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.function.Absent;
import dev.attache.agent.bootstrap.template.function.Builtins;
import dev.attache.agent.bootstrap.template.function.GoObject;
import dev.attache.agent.bootstrap.template.function.GoText;
import dev.attache.agent.bootstrap.template.function.Parameter;
import dev.attache.agent.bootstrap.template.function.TemplateFunction;
import dev.attache.agent.bootstrap.template.syntax.Node;
import dev.attache.agent.document.GoQuotes;
import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of pipelines, in the order and with the errors of {@code text/template}.
 *
 * <p>Longer than files here should be: what pipelines are made of is evaluated in a circle.
 */
final class Evaluation {

    private final Frame frame;
    private final Map<String, TemplateFunction> functions;

    Evaluation(Frame frame, Map<String, TemplateFunction> functions) {
        this.frame = frame;
        this.functions = functions;
    }

    /** The value, which variables are given that are set by it. */
    Object pipeline(Node.Pipeline pipeline, Object dot) {
        frame.at(pipeline);
        Object value = null;
        for (Node.Command command : pipeline.commands()) {
            Object next = Boxed.open(command(command, dot, value));
            value = next == Json.NULL ? Absent.VALUE : next;
        }
        Object result = value == null ? Absent.VALUE : value;
        for (Node.Variable variable : pipeline.variables()) {
            String name = variable.names().getFirst();
            if (pipeline.assigns()) {
                frame.set(name, result);
            } else {
                frame.declare(name, result);
            }
        }
        return result;
    }

    /**
     * A command's value.
     *
     * @param last what the command before gives; null where there is none
     */
    private Object command(Node.Command command, Object dot, @Nullable Object last) {
        List<Node> operands = command.operands();
        Node first = operands.getFirst();
        boolean alone = operands.size() == 1 && last == null;
        switch (first) {
            case Node.Field field -> {
                return field(field, dot, alone);
            }
            case Node.Chain chain -> {
                return chain(chain, dot, alone);
            }
            case Node.Identifier function -> {
                return function(function, command, operands, dot, last);
            }
            case Node.Variable variable -> {
                return variable(variable, operands, alone);
            }
            case Node.Pipeline inner -> {
                noFunction(operands, alone);
                return pipeline(inner, dot);
            }
            default -> {
                frame.at(first);
                noFunction(operands, alone);
                if (first instanceof Node.Nil) {
                    throw frame.fault("nil is not a command");
                }
                return constant(first, dot);
            }
        }
    }

    private void noFunction(List<Node> operands, boolean alone) {
        if (!alone) {
            throw frame.fault("can't give argument to non-function " + operands.getFirst().shown());
        }
    }

    private Object constant(Node node, Object dot) {
        return switch (node) {
            case Node.Bool bool -> bool.value();
            case Node.Dot ignored -> dot;
            case Node.Quoted quoted -> quoted.text();
            case Node.Number number -> number(number);
            default ->
                    throw frame.fault(
                            "can't handle assignment of "
                                    + node.shown()
                                    + " to empty interface argument");
        };
    }

    private Object number(Node.Number number) {
        frame.at(number);
        Double real = number.real();
        if (real != null && number.isWrittenReal()) {
            return real;
        }
        Long whole = number.whole();
        if (whole == null) {
            throw frame.fault(number.text() + " overflows int");
        }
        return whole;
    }

    private Object field(Node.Field field, Object dot, boolean alone) {
        frame.at(field);
        return fields(dot, field.names(), alone);
    }

    private Object chain(Node.Chain chain, Object dot, boolean alone) {
        frame.at(chain);
        Object of = argument(chain.of(), Parameter.VALUE, dot);
        return fields(of, chain.names(), alone);
    }

    private Object variable(Node.Variable variable, List<Node> operands, boolean alone) {
        frame.at(variable);
        Object value = frame.variable(variable.names().getFirst());
        if (variable.names().size() == 1) {
            noFunction(operands, alone);
            return value;
        }
        return fields(value, variable.names().subList(1, variable.names().size()), alone);
    }

    private Object fields(Object of, List<String> names, boolean alone) {
        Object value = Boxed.open(of);
        boolean inBox = of instanceof Boxed;
        boolean ofData = !(value instanceof GoObject);
        for (int i = 0; i < names.size(); i++) {
            Object from = value;
            value = field(from, names.get(i), alone || i < names.size() - 1, inBox);
            ofData &= !(from instanceof GoObject);
            inBox = ofData;
        }
        return value;
    }

    private Object field(Object of, String name, boolean alone, boolean boxed) {
        String type = boxed ? Parameter.ANY.type() : GoText.type(of);
        if (of == Absent.VALUE) {
            return of;
        }
        if (of == Json.NULL) {
            throw frame.fault("nil pointer evaluating interface {}." + name);
        }
        if (of instanceof Map<?, ?> map) {
            if (!alone) {
                throw frame.fault(name + " is not a method but has arguments");
            }
            Object found = map.get(name);
            return found == null ? Absent.VALUE : found;
        }
        if (of instanceof GoObject object) {
            Object found = object.field(name);
            if (found != null) {
                if (!alone) {
                    throw frame.fault(name + " has arguments but cannot be invoked as function");
                }
                return found;
            }
        }
        throw frame.fault("can't evaluate field " + name + " in type " + type);
    }

    private Object function(
            Node.Identifier identifier,
            Node command,
            List<Node> operands,
            Object dot,
            @Nullable Object last) {
        frame.at(identifier);
        TemplateFunction function = functions.get(identifier.name());
        if (function == null) {
            throw frame.fault(GoQuotes.quote(identifier.name()) + " is not a defined function");
        }
        List<Node> given = operands.subList(Math.min(1, operands.size()), operands.size());
        checkCount(identifier.name(), function, given.size(), last != null);
        boolean and = identifier.name().equals("and");
        boolean choice = and || identifier.name().equals("or");
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Object value = argument(given.get(i), function.at(i), dot);
            if (choice && Builtins.truth(value) != and) {
                return value;
            }
            arguments.add(value);
        }
        if (last != null) {
            arguments.add(valid(last, function.at(given.size())));
        }
        return called(identifier.name(), command, function, arguments);
    }

    private void checkCount(String name, TemplateFunction function, int written, boolean hasLast) {
        int count = written + (hasLast ? 1 : 0);
        int wanted = function.parameters().size();
        if (function.variadic() ? count < wanted : count != wanted) {
            throw frame.fault(
                    "wrong number of args for %s: want %s%d got %d"
                            .formatted(
                                    name,
                                    function.variadic() ? "at least " : "",
                                    wanted,
                                    function.variadic() ? written : count));
        }
    }

    private Object called(
            String name, Node command, TemplateFunction function, List<Object> arguments) {
        try {
            return function.body().call(arguments);
        } catch (IllegalArgumentException
                | ArithmeticException
                | ClassCastException
                | IndexOutOfBoundsException
                | UnsupportedOperationException e) {
            frame.at(command);
            ExecutionFault fault = frame.fault("error calling " + name + ": " + e.getMessage());
            fault.addSuppressed(e);
            throw fault;
        }
    }

    private Object argument(Node node, Parameter type, Object dot) {
        frame.at(node);
        return switch (node) {
            case Node.Dot ignored -> valid(dot, type);
            case Node.Nil ignored -> {
                if (!type.isNillable()) {
                    throw frame.fault("cannot assign nil to " + type.type());
                }
                yield nothing(type);
            }
            case Node.Field field -> valid(field(field, dot, true), type);
            case Node.Variable variable -> valid(variable(variable, List.of(node), true), type);
            case Node.Pipeline inner -> valid(pipeline(inner, dot), type);
            case Node.Identifier function ->
                    valid(function(function, function, List.of(), dot, null), type);
            case Node.Chain chain -> valid(chain(chain, dot, true), type);
            default -> written(node, type, dot);
        };
    }

    /** A constant where a type is expected. */
    private Object written(Node node, Parameter type, Object dot) {
        return switch (type) {
            case ANY, VALUE -> constant(node, dot);
            case TEXT -> {
                if (node instanceof Node.Quoted quoted) {
                    yield quoted.text();
                }
                throw frame.fault("expected string; found " + node.shown());
            }
            case TRUTH -> {
                if (node instanceof Node.Bool bool) {
                    yield bool.value();
                }
                throw frame.fault("expected bool; found " + node.shown());
            }
            case WHOLE -> {
                Long whole = node instanceof Node.Number number ? number.whole() : null;
                if (whole == null) {
                    throw frame.fault("expected integer; found " + node.shown());
                }
                yield whole;
            }
            case REAL -> {
                Double real = node instanceof Node.Number number ? number.real() : null;
                if (real == null) {
                    throw frame.fault("expected float; found " + node.shown());
                }
                yield real;
            }
            case MAP, LIST ->
                    throw frame.fault(
                            "can't handle " + node.shown() + " for arg of type " + type.type());
        };
    }

    private Object valid(Object given, Parameter type) {
        Object value = Boxed.open(given);
        if (value == Absent.VALUE) {
            if (!type.isNillable()) {
                throw frame.fault("invalid value; expected " + type.type());
            }
            return nothing(type);
        }
        if (!type.takes(value)) {
            String found = value == Json.NULL ? Parameter.ANY.type() : GoText.type(value);
            throw frame.fault("wrong type for value; expected " + type.type() + "; got " + found);
        }
        return value;
    }

    private static Object nothing(Parameter type) {
        return switch (type) {
            case VALUE -> Absent.VALUE;
            case MAP -> Map.of();
            case LIST -> List.of();
            default -> Json.NULL;
        };
    }
}
