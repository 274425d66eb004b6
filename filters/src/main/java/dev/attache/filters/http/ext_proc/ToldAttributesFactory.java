package dev.attache.filters.http.ext_proc;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.filters.http.ext_proc.ToldAttributes.Named;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles {@link ToldAttributes}: names, or what a modifier maps to them. */
final class ToldAttributesFactory {

    private static final String MAPPED =
            "envoy.extensions.http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder";

    private ToldAttributesFactory() {}

    /**
     * Each attribute under its own name.
     *
     * @param modified what a modifier says in their place, where it says anything
     */
    static ToldAttributes compile(
            List<String> request,
            List<String> response,
            @Nullable ToldAttributes modified,
            CompileContext context) {
        List<Named> ofRequest = named(request, "request_attributes", context);
        List<Named> ofResponse = named(response, "response_attributes", context);
        if (modified == null) {
            return new ToldAttributes(ofRequest, ofResponse);
        }
        return new ToldAttributes(
                modified.request().isEmpty() ? ofRequest : modified.request(),
                modified.response().isEmpty() ? ofResponse : modified.response());
    }

    private static List<Named> named(List<String> names, String field, CompileContext context) {
        List<Named> all = new ArrayList<>(names.size());
        for (String name : new LinkedHashSet<>(names)) {
            add(all, name, name, context.at(field));
        }
        return all;
    }

    private static void add(
            List<Named> to, String name, String expression, CompileContext context) {
        NodeMessage node = CelExpressionFactory.node(context);
        try {
            to.add(
                    new Named(
                            name,
                            CelExpressionFactory.parse(expression, FunctionOptions.NONE, node)));
        } catch (CelException e) {
            context.error(
                    "Unable to parse descriptor expression: "
                            + String.valueOf(e.getMessage())
                                    .replace("Not able to parse expression: ", ""));
        }
    }

    /** The only modifier that Envoy has; null with the error reported where it is another. */
    static @Nullable ToldAttributes mapped(TypedExtensionConfig config, CompileContext context) {
        String type = CompileContext.messageType(config.getTypedConfig());
        if (!type.equals(MAPPED)) {
            context.missing(config.getName(), type);
            return null;
        }
        Overlay builder = context.at("typed_config").overlay(config.getTypedConfig(), MAPPED);
        if (builder == null) {
            return null;
        }
        return new ToldAttributes(
                mapped(builder, "mapped_request_attributes", context),
                mapped(builder, "mapped_response_attributes", context));
    }

    private static List<Named> mapped(Overlay builder, String field, CompileContext context) {
        List<Named> all = new ArrayList<>();
        for (Map.Entry<String, Overlay> entry : builder.entries(field).entrySet()) {
            add(all, entry.getKey(), entry.getValue().text("value"), context.at(field));
        }
        return all;
    }
}
