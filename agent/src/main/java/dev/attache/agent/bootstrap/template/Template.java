package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.function.Builtins;
import dev.attache.agent.bootstrap.template.function.ChoiceFunctions;
import dev.attache.agent.bootstrap.template.function.ListFunctions;
import dev.attache.agent.bootstrap.template.function.MapFunctions;
import dev.attache.agent.bootstrap.template.function.NumberFunctions;
import dev.attache.agent.bootstrap.template.function.PathFunctions;
import dev.attache.agent.bootstrap.template.function.PatternFunctions;
import dev.attache.agent.bootstrap.template.function.TemplateFunction;
import dev.attache.agent.bootstrap.template.function.TextFunctions;
import dev.attache.agent.bootstrap.template.syntax.Node;
import dev.attache.agent.bootstrap.template.syntax.Parser;
import dev.attache.agent.bootstrap.template.syntax.TemplateSyntaxException;
import java.util.Map;

/** A template that was read. Immutable; any thread. */
public final class Template {

    private final String name;
    private final String source;
    private final Map<String, TemplateFunction> functions;
    private final Map<String, Node.Sequence> templates;

    private Template(
            String name,
            String source,
            Map<String, TemplateFunction> functions,
            Map<String, Node.Sequence> templates) {
        this.name = name;
        this.source = source;
        this.functions = functions;
        this.templates = templates;
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
        functions.putAll(PathFunctions.functions());
        functions.putAll(PatternFunctions.functions());
        functions.putAll(ChoiceFunctions.functions());
        functions.putAll(ListFunctions.functions());
        functions.putAll(MapFunctions.functions());
        functions.putAll(NumberFunctions.functions());
        functions.putAll(more);
        try {
            return new Template(
                    name, source, functions, Parser.parse(name, source, functions.keySet()));
        } catch (TemplateSyntaxException wrong) {
            throw new TemplateException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /**
     * What it makes of the data: a map by names, as a rule.
     *
     * @throws TemplateException with line, column and action of what cannot be carried out
     */
    public String execute(Object data) throws TemplateException {
        try {
            return new Execution(name, source, functions, templates).run(data);
        } catch (ExecutionFault wrong) {
            throw new TemplateException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** A value as JSON, with the names of maps in order. */
    public static String json(Object value) {
        return ChoiceFunctions.json(value);
    }
}
