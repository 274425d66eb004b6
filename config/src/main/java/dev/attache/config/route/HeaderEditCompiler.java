package dev.attache.config.route;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stream.format.CommandFactory;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of {@code HeaderMutation}. */
public final class HeaderEditCompiler {
    private HeaderEditCompiler() {}

    /**
     * @param field where the list stands, from {@code context}
     * @param commands what values may use beyond what is built in
     */
    public static List<HeaderEdit> compile(
            List<HeaderMutation> mutations,
            String field,
            List<CommandFactory> commands,
            CompileContext context) {
        if (mutations.isEmpty()) {
            return List.of();
        }
        List<HeaderEdit> edits = new ArrayList<>(mutations.size());
        for (int i = 0; i < mutations.size(); i++) {
            HeaderEdit edit = compile(mutations.get(i), commands, context.at(field, i));
            if (edit != null) {
                edits.add(edit);
            }
        }
        return List.copyOf(edits);
    }

    private static @Nullable HeaderEdit compile(
            HeaderMutation mutation, List<CommandFactory> commands, CompileContext context) {
        return switch (mutation.getActionCase()) {
            case APPEND -> {
                HeaderMutations.Addition addition =
                        HeaderMutationCompiler.addition(
                                mutation.getAppend(), commands, context.at("append"));
                yield addition == null ? null : new HeaderEdit.Append(addition);
            }
            case REMOVE -> {
                // To remove the authority by its old name is to remove it, as in Envoy.
                HeaderName name = HeaderName.of(mutation.getRemove());
                yield new HeaderEdit.Remove(name == HeaderName.HOST ? HeaderName.AUTHORITY : name);
            }
            case REMOVE_ON_MATCH -> {
                StringMatcher names =
                        StringMatchers.compile(
                                mutation.getRemoveOnMatch().getKeyMatcher(),
                                context.at("remove_on_match").at("key_matcher"));
                yield names == null ? null : new HeaderEdit.RemoveMatching(names);
            }
            case ACTION_NOT_SET -> {
                context.error("a mutation must be set");
                yield null;
            }
        };
    }
}
