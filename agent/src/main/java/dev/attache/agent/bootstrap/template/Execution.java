package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.function.Absent;
import dev.attache.agent.bootstrap.template.function.Builtins;
import dev.attache.agent.bootstrap.template.function.GoText;
import dev.attache.agent.bootstrap.template.function.TemplateFunction;
import dev.attache.agent.bootstrap.template.syntax.Node;
import dev.attache.agent.document.GoQuotes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries a template out. One use each; one thread. */
final class Execution {

    /** Of templates that call each other; each takes some of the thread's stack. */
    private static final int MAX_DEPTH = 500;

    private static final int MAX_LENGTH = 64 << 20;

    private enum Flow {
        ON,
        CONTINUE,
        BREAK
    }

    private final String name;
    private final String source;
    private final Map<String, TemplateFunction> functions;
    private final Map<String, Node.Sequence> templates;
    private final StringBuilder out = new StringBuilder();

    Execution(
            String name,
            String source,
            Map<String, TemplateFunction> functions,
            Map<String, Node.Sequence> templates) {
        this.name = name;
        this.source = source;
        this.functions = functions;
        this.templates = templates;
    }

    String run(Object data) {
        Node.Sequence root = templates.get(name);
        Frame frame = new Frame(name, source, name, data, 0);
        if (root == null) {
            throw frame.fault(GoQuotes.quote(name) + " is an incomplete or empty template");
        }
        new Walk(frame).sequence(root, data);
        return out.toString();
    }

    /** One template on its way. */
    private final class Walk {

        private final Frame frame;
        private final Evaluation evaluation;

        Walk(Frame frame) {
            this.frame = frame;
            this.evaluation = new Evaluation(frame, functions);
        }

        Flow sequence(Node.Sequence nodes, Object dot) {
            frame.at(nodes);
            for (Node node : nodes.nodes()) {
                Flow flow = node(node, dot);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            return Flow.ON;
        }

        private Flow node(Node node, Object dot) {
            frame.at(node);
            return switch (node) {
                case Node.Action action -> {
                    action(action, dot);
                    yield Flow.ON;
                }
                case Node.Branch branch ->
                        branch.word().equals("range") ? loop(branch, dot) : choice(branch, dot);
                case Node.Call call -> {
                    call(call, dot);
                    yield Flow.ON;
                }
                case Node.Word word -> word.word().equals("break") ? Flow.BREAK : Flow.CONTINUE;
                case Node.Text text -> {
                    append(text.text());
                    yield Flow.ON;
                }
                default -> throw frame.fault("unknown node: " + node.shown());
            };
        }

        private void append(String text) {
            out.append(text);
            if (out.length() > MAX_LENGTH) {
                throw frame.fault("the result is too large");
            }
        }

        private void action(Node.Action action, Object dot) {
            Object value = evaluation.pipeline(action.pipeline(), dot);
            if (action.pipeline().variables().isEmpty()) {
                frame.at(action);
                append(GoText.isNil(value) ? "<no value>" : GoText.plain(value));
            }
        }

        private Flow choice(Node.Branch branch, Object dot) {
            int mark = frame.mark();
            Object value = evaluation.pipeline(branch.pipeline(), dot);
            Flow flow = Flow.ON;
            if (Builtins.truth(value)) {
                flow = sequence(branch.then(), branch.word().equals("with") ? value : dot);
            } else {
                flow = otherwise(branch, dot);
            }
            frame.forget(mark);
            return flow;
        }

        private Flow otherwise(Node.Branch branch, Object dot) {
            Node.Sequence otherwise = branch.otherwise();
            return otherwise == null ? Flow.ON : sequence(otherwise, dot);
        }

        private Flow loop(Node.Branch branch, Object dot) {
            int outer = frame.mark();
            Object value = evaluation.pipeline(branch.pipeline(), dot);
            Flow flow = Flow.ON;
            boolean any =
                    switch (value) {
                        case Long count -> turns(branch, count);
                        case List<?> list -> items(branch, list);
                        case Map<?, ?> map -> entries(branch, map);
                        default -> {
                            if (!GoText.isNil(value)) {
                                throw frame.fault("range can't iterate over " + shown(value));
                            }
                            yield false;
                        }
                    };
            if (!any) {
                flow = otherwise(branch, dot);
            }
            frame.forget(outer);
            return flow;
        }

        private static String shown(Object value) {
            return GoText.plain(value);
        }

        private boolean turns(Node.Branch branch, long count) {
            if (branch.pipeline().variables().size() > 1) {
                throw frame.fault("can't use " + count + " to iterate over more than one variable");
            }
            for (long i = 0; i < count; i++) {
                if (turn(branch, Absent.VALUE, i) == Flow.BREAK) {
                    break;
                }
            }
            return count > 0;
        }

        private boolean items(Node.Branch branch, List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (turn(branch, (long) i, new Boxed(list.get(i))) == Flow.BREAK) {
                    break;
                }
            }
            return !list.isEmpty();
        }

        private boolean entries(Node.Branch branch, Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
                if (turn(branch, entry.getKey(), new Boxed(entry.getValue())) == Flow.BREAK) {
                    break;
                }
            }
            return !map.isEmpty();
        }

        private Flow turn(Node.Branch branch, Object key, Object item) {
            int mark = frame.mark();
            List<Node.Variable> variables = branch.pipeline().variables();
            boolean assigns = branch.pipeline().assigns();
            int count = variables.size();
            for (int i = 0; i < count; i++) {
                Object value = i == count - 1 ? item : key;
                if (assigns) {
                    frame.set(variables.get(i).names().getFirst(), value);
                } else {
                    frame.setLast(count - i, value);
                }
            }
            Flow flow = sequence(branch.then(), item);
            frame.forget(mark);
            return flow;
        }

        private void call(Node.Call call, Object dot) {
            Node.Sequence body = templates.get(call.name());
            if (body == null) {
                throw frame.fault("template " + GoQuotes.quote(call.name()) + " not defined");
            }
            if (frame.depth() == MAX_DEPTH) {
                throw frame.fault("exceeded maximum template depth (" + MAX_DEPTH + ")");
            }
            Object data = data(call.pipeline(), dot);
            new Walk(frame.calling(call.name(), data)).sequence(body, data);
        }

        private Object data(Node.@Nullable Pipeline pipeline, Object dot) {
            return pipeline == null ? Absent.VALUE : evaluation.pipeline(pipeline, dot);
        }
    }
}
