package dev.attache.filters.cel;

import dev.attache.filters.cel.plan.AskedException;
import dev.attache.filters.cel.plan.EndedException;
import dev.attache.filters.cel.plan.Node;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Printing;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression: asked with what is known of a request or connection, headers and all.
 * Attributes are looked up as they are asked for. Immutable, any thread.
 */
public final class CelExpression {
    private final Node node;
    private final @Nullable Node untilResponse;

    /**
     * @param untilResponse the same until it asks for the response; null where it never does
     */
    CelExpression(Node node, @Nullable Node untilResponse) {
        this.node = node;
        this.untilResponse = untilResponse;
    }

    /** Whether it comes to true: anything else, an error too, is no match. */
    public boolean matches(FormatContext context) {
        return Boolean.TRUE.equals(evaluate(context));
    }

    /** Whether it asks for anything of the response on its way. */
    public boolean asksResponse(FormatContext context) {
        if (untilResponse == null) {
            return false;
        }
        try {
            untilResponse.evaluate(context);
            return false;
        } catch (AskedException e) {
            return true;
        } catch (EndedException e) {
            return false;
        }
    }

    private Object evaluate(FormatContext context) {
        try {
            return node.evaluate(context);
        } catch (EndedException e) {
            return Fault.FAULT;
        }
    }

    /** Its value as octets, as {@code %CEL%} prints it; null of an error. */
    public @Nullable String text(FormatContext context) {
        return Printing.text(evaluate(context));
    }

    /** Its value as JSON, text in it being octets; null of what JSON has no form for. */
    public @Nullable MetadataValue json(FormatContext context) {
        return Printing.json(evaluate(context));
    }

    /** A flag or an integer as it is, anything else as characters of text; null of an error. */
    public @Nullable MetadataValue plain(FormatContext context) {
        return Printing.plain(evaluate(context));
    }

    /** Its value where it is text, octets; null of anything else. */
    public @Nullable String string(FormatContext context) {
        return evaluate(context) instanceof String text ? text : null;
    }
}
