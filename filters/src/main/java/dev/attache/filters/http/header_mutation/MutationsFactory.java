package dev.attache.filters.http.header_mutation;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderEditCompiler;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.core.v3.KeyValueAppend;
import io.envoyproxy.envoy.config.core.v3.KeyValueMutation;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Mutations} of the filter and of routes. */
final class MutationsFactory {
    private MutationsFactory() {}

    static Mutations compile(
            io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations proto,
            CompileContext context) {
        List<CommandFactory> commands =
                SubstitutionFormats.commands(
                        Overlay.of(proto)
                                .messages("formatters", TypedExtensionConfig.getDefaultInstance()),
                        context);
        return new Mutations(
                HeaderEditCompiler.compile(
                        proto.getRequestMutationsList(), "request_mutations", commands, context),
                query(proto.getQueryParameterMutationsList(), commands, context),
                HeaderEditCompiler.compile(
                        proto.getRequestTrailersMutationsList(),
                        "request_trailers_mutations",
                        commands,
                        context),
                HeaderEditCompiler.compile(
                        proto.getResponseMutationsList(), "response_mutations", commands, context),
                HeaderEditCompiler.compile(
                        proto.getResponseTrailersMutationsList(),
                        "response_trailers_mutations",
                        commands,
                        context));
    }

    private static List<QueryEdit> query(
            List<KeyValueMutation> mutations,
            List<CommandFactory> commands,
            CompileContext context) {
        List<QueryEdit> edits = new ArrayList<>(mutations.size());
        for (int i = 0; i < mutations.size(); i++) {
            QueryEdit edit =
                    query(mutations.get(i), commands, context.at("query_parameter_mutations", i));
            if (edit != null) {
                edits.add(edit);
            }
        }
        return edits;
    }

    private static @Nullable QueryEdit query(
            KeyValueMutation mutation, List<CommandFactory> commands, CompileContext context) {
        if (!mutation.hasAppend()) {
            if (mutation.getRemove().isEmpty()) {
                context.error("One of 'append'/'remove' must be specified.");
                return null;
            }
            return new QueryEdit.Remove(Octets.of(mutation.getRemove()));
        }
        if (!mutation.getRemove().isEmpty()) {
            context.error("Only one of 'append'/'remove can be specified.");
            return null;
        }
        return append(mutation.getAppend(), commands, context.at("append"));
    }

    private static @Nullable QueryEdit append(
            KeyValueAppend append, List<CommandFactory> commands, CompileContext context) {
        if (!append.hasRecord()) {
            context.error("No record specified for append mutation.");
            return null;
        }
        CompileContext at = context.at("record").at("value");
        if (!append.getRecord().getValue().hasStringValue()) {
            at.error("Only string value is allowed for record value.");
            return null;
        }
        Formatter value =
                SubstitutionFormats.parse(
                        append.getRecord().getValue().getStringValue(), commands, at);
        return value == null
                ? null
                : new QueryEdit.Append(
                        Octets.of(append.getRecord().getKey()), value, action(append));
    }

    private static QueryEdit.Action action(KeyValueAppend append) {
        return switch (append.getAction()) {
            case ADD_IF_ABSENT -> QueryEdit.Action.ADD_IF_ABSENT;
            case OVERWRITE_IF_EXISTS -> QueryEdit.Action.OVERWRITE_IF_EXISTS;
            case OVERWRITE_IF_EXISTS_OR_ADD -> QueryEdit.Action.OVERWRITE_IF_EXISTS_OR_ADD;
            case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED -> QueryEdit.Action.APPEND_IF_EXISTS_OR_ADD;
        };
    }
}
