package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.Pipeline.Operand;
import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Carries a template out. One use each; one thread. */
final class Execution {

    private static final int MAX_DEPTH = 500;
    private static final int MAX_LENGTH = 64 << 20;

    private enum Flow {
        ON,
        CONTINUE,
        BREAK
    }

    private record Variable(String name, Object value) {}

    private final Map<String, List<Node>> templates;
    private final Map<String, TemplateFunction> functions;
    private final StringBuilder out = new StringBuilder();
    private List<Variable> variables = new ArrayList<>();
    private int depth;

    Execution(Map<String, List<Node>> templates, Map<String, TemplateFunction> functions) {
        this.templates = templates;
        this.functions = functions;
    }

    String run(List<Node> nodes, Object data) {
        variables.add(new Variable("$", data));
        list(nodes, data);
        return out.toString();
    }

    private Flow list(List<Node> nodes, Object dot) {
        for (Node node : nodes) {
            Flow flow = node(node, dot);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow node(Node node, Object dot) {
        return switch (node) {
            case Node.Text text -> {
                out.append(text.text());
                yield Flow.ON;
            }
            case Node.Action action -> {
                action(action.pipeline(), dot);
                yield Flow.ON;
            }
            case Node.Condition condition -> {
                int mark = variables.size();
                Object value = pipeline(condition.pipeline(), dot);
                boolean holds = Builtins.truth(value);
                Flow flow = list(holds ? condition.then() : condition.otherwise(), dot);
                leave(mark);
                yield flow;
            }
            case Node.Focus focus -> {
                int mark = variables.size();
                Object value = pipeline(focus.pipeline(), dot);
                Flow flow =
                        Builtins.truth(value)
                                ? list(focus.then(), value)
                                : list(focus.otherwise(), dot);
                leave(mark);
                yield flow;
            }
            case Node.Loop loop -> loop(loop, dot);
            case Node.Call call -> {
                call(call, dot);
                yield Flow.ON;
            }
            case Node.Leap leap -> leap.out() ? Flow.BREAK : Flow.CONTINUE;
        };
    }

    private void action(Pipeline pipeline, Object dot) {
        Object value = pipeline(pipeline, dot);
        if (pipeline.variables().isEmpty()) {
            out.append(value == Json.NULL ? "<no value>" : GoText.plain(value));
            if (out.length() > MAX_LENGTH) {
                throw at(pipeline.at(), pipeline.source(), "the result is too large");
            }
        }
    }

    private Flow loop(Node.Loop loop, Object dot) {
        int mark = variables.size();
        Pipeline pipeline = loop.pipeline();
        Object value = evaluate(pipeline, dot);
        Map<Object, Object> items = items(pipeline, value);
        Flow flow = items.isEmpty() ? list(loop.otherwise(), dot) : Flow.ON;
        for (Map.Entry<Object, Object> item : items.entrySet()) {
            int inner = variables.size();
            List<String> names = pipeline.variables();
            if (names.size() == 1) {
                set(pipeline, names.getFirst(), item.getValue());
            } else if (names.size() == 2) {
                set(pipeline, names.getFirst(), item.getKey());
                set(pipeline, names.get(1), item.getValue());
            }
            Flow body = list(loop.body(), item.getValue());
            leave(inner);
            if (body == Flow.BREAK) {
                break;
            }
        }
        leave(mark);
        return flow;
    }

    private static Map<Object, Object> items(Pipeline pipeline, Object value) {
        Map<Object, Object> items = new TreeMap<>();
        switch (value) {
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    items.put((long) i, list.get(i));
                }
            }
            case Map<?, ?> map -> items.putAll(map);
            case Long count -> {
                for (long i = 0; i < Math.min(count, 1_000_000); i++) {
                    items.put(i, i);
                }
            }
            default -> {
                if (value != Json.NULL) {
                    throw at(
                            pipeline.at(),
                            pipeline.source(),
                            "range can't iterate over " + GoText.plain(value));
                }
            }
        }
        return items;
    }

    private void call(Node.Call call, Object dot) {
        List<Node> body = templates.get(call.name());
        String shown = "{{template \"" + call.name() + "\"}}";
        if (body == null) {
            throw at(call.at(), shown, "template \"" + call.name() + "\" not defined");
        }
        if (++depth > MAX_DEPTH) {
            throw at(call.at(), shown, "exceeded maximum template depth (" + MAX_DEPTH + ")");
        }
        Pipeline pipeline = call.pipeline();
        Object data = pipeline == null ? Json.NULL : pipeline(pipeline, dot);
        List<Variable> outer = variables;
        variables = new ArrayList<>(List.of(new Variable("$", data)));
        list(body, data);
        variables = outer;
        depth--;
    }

    private Object pipeline(Pipeline pipeline, Object dot) {
        Object value = evaluate(pipeline, dot);
        for (String name : pipeline.variables()) {
            set(pipeline, name, value);
        }
        return value;
    }

    private Object evaluate(Pipeline pipeline, Object dot) {
        Object value = Json.NULL;
        boolean first = true;
        for (Pipeline.Command command : pipeline.commands()) {
            value = command(command, dot, value, first);
            first = false;
        }
        return value;
    }

    private Object command(Pipeline.Command command, Object dot, Object before, boolean first) {
        Operand head = command.operands().getFirst();
        try {
            if (head instanceof Operand.Word word) {
                return function(word.name(), command, dot, before, first);
            }
            if (command.operands().size() > 1 || !first) {
                throw new Fault("can't give argument to non-function " + command.source());
            }
            return operand(head, dot);
        } catch (Fault fault) {
            throw fault.at() == Fault.NOWHERE
                    ? at(command.at(), command.source(), String.valueOf(fault.getMessage()))
                    : fault;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw at(command.at(), command.source(), String.valueOf(e.getMessage()));
        }
    }

    private Object function(
            String name, Pipeline.Command command, Object dot, Object before, boolean first) {
        List<Operand> operands = command.operands();
        boolean and = name.equals("and");
        List<Object> arguments = new ArrayList<>();
        for (Operand operand : operands.subList(1, operands.size())) {
            Object value = operand(operand, dot);
            arguments.add(value);
            if ((and || name.equals("or")) && Builtins.truth(value) != and) {
                return value;
            }
        }
        if (!first) {
            arguments.add(before);
        }
        TemplateFunction function = functions.get(name);
        if (function == null) {
            throw new Fault("function \"" + name + "\" not defined");
        }
        try {
            return function.call(arguments);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            Fault fault = new Fault("error calling " + name + ": " + e.getMessage());
            fault.addSuppressed(e);
            throw fault;
        }
    }

    private Object operand(Operand operand, Object dot) {
        return switch (operand) {
            case Operand.Dot ignored -> dot;
            case Operand.Constant constant -> constant.value();
            case Operand.Variable variable -> variable(variable.name());
            case Operand.Inner inner -> pipeline(inner.pipeline(), dot);
            case Operand.Fields fields -> {
                Object value = operand(fields.of(), dot);
                for (String name : fields.names()) {
                    value = field(value, name);
                }
                yield value;
            }
            case Operand.Word word -> {
                TemplateFunction function = functions.get(word.name());
                yield function == null ? Json.NULL : function.call(List.of());
            }
        };
    }

    private static Object field(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            Object found = map.get(name);
            return found == null ? Json.NULL : found;
        }
        if (value instanceof GoObject object) {
            return object.field(name);
        }
        if (value == Json.NULL) {
            return value; // what is not there has no fields either, which is no error
        }
        throw new Fault("can't evaluate field " + name + " in type interface {}");
    }

    private Object variable(String name) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name.equals(name)) {
                return variables.get(i).value;
            }
        }
        throw new Fault("undefined variable \"" + name + "\"");
    }

    private void set(Pipeline pipeline, String name, Object value) {
        if (pipeline.declares()) {
            variables.add(new Variable(name, value));
            return;
        }
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name.equals(name)) {
                variables.set(i, new Variable(name, value));
                return;
            }
        }
        throw at(pipeline.at(), pipeline.source(), "undefined variable \"" + name + "\"");
    }

    private void leave(int mark) {
        while (variables.size() > mark) {
            variables.removeLast();
        }
    }

    private static Fault at(int place, String action, String message) {
        return new Fault(place, "at <" + action + ">: " + message);
    }
}
