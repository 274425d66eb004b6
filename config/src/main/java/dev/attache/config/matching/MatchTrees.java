package dev.attache.config.matching;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.matching.MatchPredicate;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import dev.attache.proxy.stream.HttpMatchData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.type.matcher.v3.Matcher}, and Envoy's older message of the same fields, to {@link
 * MatchTree}; a null answer means that the error has been reported, with its path.
 *
 * <p>Who has a field of that type says which actions may stand in it, by a reader: {@code
 * MatchTrees.ofHttp(ActionFactory::read).compile(proto.getMatcher(), context.at("matcher"))}. Which
 * inputs there are is said by the registry ({@link MatchInputs}).
 *
 * @param <D> what the tree looks at
 * @param <A> what it picks
 */
public final class MatchTrees<D, A> {

    /** Reads what an input or an action says, with its errors; null where there is one. */
    public interface Reader<T> {
        /**
         * @param context of the {@code TypedExtensionConfig}
         */
        @Nullable T read(TypedExtensionConfig config, CompileContext context);
    }

    private final Reader<MatchInput<D>> inputs;
    private final Reader<A> actions;
    private final boolean keepsMatching;

    /**
     * Of one message, one object: entries that ask for the same are looked up together. By their
     * bytes: the hash code of a message builds descriptors.
     */
    private final Map<ByteString, MatchInput<D>> known = new HashMap<>();

    private MatchTrees(Reader<MatchInput<D>> inputs, Reader<A> actions, boolean keepsMatching) {
        this.inputs = inputs;
        this.actions = actions;
        this.keepsMatching = keepsMatching;
    }

    /** Trees with inputs of their own, which the registry does not know. */
    public static <D, A> MatchTrees<D, A> of(Reader<MatchInput<D>> inputs, Reader<A> actions) {
        return new MatchTrees<>(inputs, actions, false);
    }

    /** Trees that look at requests. */
    public static <A> MatchTrees<HttpMatchData, A> ofHttp(Reader<A> actions) {
        return of(MatchInputs::http, actions);
    }

    /** Trees that look at connections. */
    public static <A> MatchTrees<ConnectionInfo, A> ofConnections(Reader<A> actions) {
        return of(MatchInputs::network, actions);
    }

    /** The same, where {@code keep_matching} may stand. */
    public MatchTrees<D, A> keepingMatching() {
        return new MatchTrees<>(inputs, actions, true);
    }

    /** As below, of Envoy's message, which has the fields of the other. */
    public @Nullable MatchTree<D, A> compile(
            io.envoyproxy.envoy.config.common.matcher.v3.Matcher matcher, CompileContext context) {
        try {
            return compile(Matcher.parseFrom(matcher.toByteString()), context);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("two matchers differ on the wire", e);
        }
    }

    public @Nullable MatchTree<D, A> compile(Matcher matcher, CompileContext context) {
        OnMatch<D, A> otherwise = null;
        if (isSaid(matcher.getOnNoMatch())) {
            otherwise = onMatch(matcher.getOnNoMatch(), context.at("on_no_match"));
        }
        return switch (matcher.getMatcherTypeCase()) {
            case MATCHER_LIST ->
                    list(matcher.getMatcherList(), otherwise, context.at("matcher_list"));
            case MATCHER_TREE ->
                    tree(matcher.getMatcherTree(), otherwise, context.at("matcher_tree"));
            case MATCHERTYPE_NOT_SET -> MatchTree.ofEntries(List.of(), otherwise);
        };
    }

    private static boolean isSaid(Matcher.OnMatch onMatch) {
        return onMatch.getOnMatchCase() != Matcher.OnMatch.OnMatchCase.ONMATCH_NOT_SET;
    }

    @Nullable OnMatch<D, A> onMatch(Matcher.OnMatch onMatch, CompileContext context) {
        if (onMatch.getKeepMatching() && !keepsMatching) {
            context.at("keep_matching").error("keep_matching is not supported in this context");
            return null;
        }
        OnMatch<D, A> compiled =
                switch (onMatch.getOnMatchCase()) {
                    case MATCHER -> {
                        var tree = compile(onMatch.getMatcher(), context.at("matcher"));
                        yield tree == null ? null : OnMatch.tree(tree);
                    }
                    case ACTION -> {
                        A action = actions.read(onMatch.getAction(), context.at("action"));
                        yield action == null ? null : OnMatch.action(action);
                    }
                    case ONMATCH_NOT_SET -> {
                        context.error("neither an action nor a matcher is set");
                        yield null;
                    }
                };
        return compiled != null && onMatch.getKeepMatching()
                ? compiled.keepingMatching()
                : compiled;
    }

    private MatchTree<D, A> list(
            MatcherList list, @Nullable OnMatch<D, A> otherwise, CompileContext context) {
        MatchPredicates<D> predicates = new MatchPredicates<>(this::input);
        List<MatchTree.Entry<D, A>> entries = new ArrayList<>();
        for (int i = 0; i < list.getMatchersCount(); i++) {
            var entry = list.getMatchers(i);
            CompileContext at = context.at("matchers", i);
            MatchPredicate<D> predicate =
                    predicates.compile(entry.getPredicate(), at.at("predicate"));
            OnMatch<D, A> onMatch = onMatch(entry.getOnMatch(), at.at("on_match"));
            if (predicate != null && onMatch != null) {
                entries.add(new MatchTree.Entry<>(predicate, onMatch));
            }
        }
        return MatchTree.ofEntries(entries, otherwise);
    }

    private @Nullable MatchInput<D> input(TypedExtensionConfig config, CompileContext context) {
        ByteString bytes = config.toByteString();
        MatchInput<D> input = known.get(bytes);
        if (input == null) {
            input = inputs.read(config, context);
            if (input != null) {
                known.put(bytes, input);
            }
        }
        return input;
    }

    private @Nullable MatchTree<D, A> tree(
            MatcherTree tree, @Nullable OnMatch<D, A> otherwise, CompileContext context) {
        MatchInput<D> input = input(tree.getInput(), context.at("input"));
        if (input != null && !input.kind().equals(MatchInput.TEXT)) {
            context.at("input")
                    .error(
                            "Unsupported data input type: "
                                    + input.kind()
                                    + ", currently only string type is supported in "
                                    + CustomMatches.nameOf(tree));
            input = null;
        }
        return switch (tree.getTreeTypeCase()) {
            case EXACT_MATCH_MAP -> {
                var values =
                        entries(tree.getExactMatchMap().getMapMap(), context.at("exact_match_map"));
                yield input == null ? null : MatchTree.ofValues(input, values, otherwise);
            }
            case PREFIX_MATCH_MAP -> {
                var prefixes =
                        entries(
                                tree.getPrefixMatchMap().getMapMap(),
                                context.at("prefix_match_map"));
                yield input == null ? null : MatchTree.ofPrefixes(input, prefixes, otherwise);
            }
            case CUSTOM_MATCH ->
                    new CustomMatches<>(this, input, otherwise)
                            .compile(tree.getCustomMatch(), context.at("custom_match"));
            case TREETYPE_NOT_SET -> {
                context.error("no map is set");
                yield null;
            }
        };
    }

    private Map<String, OnMatch<D, A>> entries(
            Map<String, Matcher.OnMatch> map, CompileContext context) {
        Map<String, OnMatch<D, A>> values = new HashMap<>();
        map.forEach((key, value) -> {
            OnMatch<D, A> onMatch = onMatch(value, context.at("map", key));
            if (onMatch != null) {
                values.put(Octets.of(key), onMatch);
            }
        });
        return values;
    }
}
