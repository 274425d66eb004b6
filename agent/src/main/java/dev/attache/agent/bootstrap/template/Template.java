package dev.attache.agent.bootstrap.template;

import dev.attache.agent.document.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A template that was read. Immutable; any thread. */
public final class Template {

    private final String name;
    private final String source;
    private final Map<String, TemplateFunction> functions;
    private final Map<String, List<Node>> templates;
    private final List<Node> nodes;

    private Template(
            String name,
            String source,
            Map<String, TemplateFunction> functions,
            Map<String, List<Node>> templates) {
        this.name = name;
        this.source = source;
        this.functions = functions;
        this.templates = templates;
        this.nodes = new Parser(source, functions.keySet(), templates).parse();
    }

    /**
     * Reads a template.
     *
     * @param name how errors call it
     * @param more functions besides those of Go and the most used of sprig
     * @throws TemplateException with the line of what cannot be read
     */
    public static Template parse(String name, String source, Map<String, TemplateFunction> more)
            throws TemplateException {
        Map<String, TemplateFunction> functions = Builtins.functions();
        functions.putAll(TextFunctions.functions());
        functions.putAll(CollectionFunctions.functions());
        functions.putAll(NumberFunctions.functions());
        functions.putAll(more);
        try {
            return new Template(name, source, functions, new HashMap<>());
        } catch (Fault fault) {
            throw new TemplateException(
                    "template: "
                            + name
                            + ":"
                            + line(source, fault.at())
                            + ": "
                            + fault.getMessage(),
                    fault);
        }
    }

    /**
     * What it makes of the data: a map by names, as a rule.
     *
     * @throws TemplateException with line, column and action of what cannot be carried out
     */
    public String execute(Object data) throws TemplateException {
        try {
            return new Execution(templates, functions).run(nodes, data);
        } catch (Fault fault) {
            throw new TemplateException(
                    "template: "
                            + name
                            + place(fault.at())
                            + ": executing \""
                            + name
                            + "\" "
                            + fault.getMessage(),
                    fault);
        }
    }

    /** A value as JSON, with the names of maps in order. */
    public static String json(Object value) {
        return Json.print(CollectionFunctions.sorted(value));
    }

    private String place(int at) {
        if (at < 0) {
            return "";
        }
        int start = source.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
        return ":" + line(source, at) + ":" + Math.max(0, at - start);
    }

    private static int line(String source, int at) {
        int end = Math.min(Math.max(at, 0), source.length());
        return 1 + (int) source.substring(0, end).chars().filter(c -> c == '\n').count();
    }
}
