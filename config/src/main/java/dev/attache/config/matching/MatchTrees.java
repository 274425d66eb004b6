package dev.attache.config.matching;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import dev.attache.proxy.matching.StringMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.type.matcher.v3.Matcher} to {@link MatchTree}; a null answer means that the error has
 * been reported.
 *
 * @param <D> what the tree looks at
 * @param <A> what it picks
 */
public final class MatchTrees<D, A> {

    /** Reads what an input or an action says, with its errors; null where there is one. */
    public interface Reader<T> {
        @Nullable T read(TypedExtensionConfig config, CompileContext context);
    }

    private final Reader<Function<D, @Nullable String>> inputs;
    private final Reader<A> actions;

    /**
     * @param inputs what may be looked at; values as octets
     */
    public MatchTrees(Reader<Function<D, @Nullable String>> inputs, Reader<A> actions) {
        this.inputs = inputs;
        this.actions = actions;
    }

    public @Nullable MatchTree<D, A> compile(Matcher matcher, CompileContext context) {
        OnMatch<D, A> otherwise = null;
        if (matcher.hasOnNoMatch()) {
            otherwise = onMatch(matcher.getOnNoMatch(), context.at("on_no_match"));
        }
        return switch (matcher.getMatcherTypeCase()) {
            case MATCHER_LIST ->
                    list(matcher.getMatcherList(), otherwise, context.at("matcher_list"));
            case MATCHER_TREE ->
                    tree(matcher.getMatcherTree(), otherwise, context.at("matcher_tree"));
            case MATCHERTYPE_NOT_SET -> new MatchTree.Entries<>(List.of(), otherwise);
        };
    }

    private @Nullable OnMatch<D, A> onMatch(Matcher.OnMatch onMatch, CompileContext context) {
        if (onMatch.getKeepMatching()) {
            context.at("keep_matching").error("keep_matching is not supported here");
            return null;
        }
        return switch (onMatch.getOnMatchCase()) {
            case MATCHER -> {
                MatchTree<D, A> tree = compile(onMatch.getMatcher(), context.at("matcher"));
                yield tree == null ? null : new OnMatch<>(null, tree);
            }
            case ACTION -> {
                A action = actions.read(onMatch.getAction(), context.at("action"));
                yield action == null ? null : new OnMatch<>(action, null);
            }
            case ONMATCH_NOT_SET -> {
                context.error("neither an action nor a matcher is set");
                yield null;
            }
        };
    }

    private MatchTree<D, A> list(
            MatcherList list, @Nullable OnMatch<D, A> otherwise, CompileContext context) {
        List<MatchTree.Entry<D, A>> entries = new ArrayList<>();
        for (int i = 0; i < list.getMatchersCount(); i++) {
            var entry = list.getMatchers(i);
            CompileContext at = context.at("matchers", i);
            Predicate<D> predicate = predicate(entry.getPredicate(), at.at("predicate"));
            OnMatch<D, A> onMatch = onMatch(entry.getOnMatch(), at.at("on_match"));
            if (predicate != null && onMatch != null) {
                entries.add(new MatchTree.Entry<>(predicate, onMatch));
            }
        }
        return new MatchTree.Entries<>(entries, otherwise);
    }

    private @Nullable Predicate<D> predicate(
            MatcherList.Predicate predicate, CompileContext context) {
        return switch (predicate.getMatchTypeCase()) {
            case SINGLE_PREDICATE ->
                    single(predicate.getSinglePredicate(), context.at("single_predicate"));
            case AND_MATCHER -> {
                List<Predicate<D>> all =
                        predicates(predicate.getAndMatcher(), context.at("and_matcher"));
                yield data -> all(all, data, true);
            }
            case OR_MATCHER -> {
                List<Predicate<D>> any =
                        predicates(predicate.getOrMatcher(), context.at("or_matcher"));
                yield data -> !all(any, data, false);
            }
            case NOT_MATCHER -> {
                Predicate<D> not = predicate(predicate.getNotMatcher(), context.at("not_matcher"));
                yield not == null ? null : not.negate();
            }
            case MATCHTYPE_NOT_SET -> {
                context.error("no predicate is set");
                yield null;
            }
        };
    }

    private static <D> boolean all(List<Predicate<D>> predicates, D data, boolean hold) {
        for (Predicate<D> predicate : predicates) {
            if (predicate.test(data) != hold) {
                return false;
            }
        }
        return true;
    }

    private List<Predicate<D>> predicates(
            MatcherList.Predicate.PredicateList list, CompileContext context) {
        List<Predicate<D>> predicates = new ArrayList<>();
        for (int i = 0; i < list.getPredicateCount(); i++) {
            Predicate<D> predicate = predicate(list.getPredicate(i), context.at("predicate", i));
            if (predicate != null) {
                predicates.add(predicate);
            }
        }
        return predicates;
    }

    private @Nullable Predicate<D> single(
            MatcherList.Predicate.SinglePredicate single, CompileContext context) {
        Function<D, @Nullable String> input = inputs.read(single.getInput(), context.at("input"));
        if (!single.hasValueMatch()) {
            context.at("custom_match").error("custom matchers are not supported here");
            return null;
        }
        StringMatcher value = value(single.getValueMatch(), context.at("value_match"));
        if (input == null || value == null) {
            return null;
        }
        return data -> {
            String found = input.apply(data);
            return found != null && value.matches(found);
        };
    }

    /** The same message as Envoy's, of another package. */
    private static @Nullable StringMatcher value(
            com.github.xds.type.matcher.v3.StringMatcher matcher, CompileContext context) {
        try {
            return StringMatchers.compile(
                    io.envoyproxy.envoy.type.matcher.v3.StringMatcher.parseFrom(
                            matcher.toByteString()),
                    context);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("two string matchers differ on the wire", e);
        }
    }

    private @Nullable MatchTree<D, A> tree(
            MatcherTree tree, @Nullable OnMatch<D, A> otherwise, CompileContext context) {
        Function<D, @Nullable String> input = inputs.read(tree.getInput(), context.at("input"));
        return switch (tree.getTreeTypeCase()) {
            case EXACT_MATCH_MAP ->
                    byValue(
                            input,
                            tree.getExactMatchMap().getMapMap(),
                            false,
                            otherwise,
                            context.at("exact_match_map").at("map"));
            case PREFIX_MATCH_MAP ->
                    byValue(
                            input,
                            tree.getPrefixMatchMap().getMapMap(),
                            true,
                            otherwise,
                            context.at("prefix_match_map").at("map"));
            case CUSTOM_MATCH -> {
                context.at("custom_match").error("custom matchers are not supported here");
                yield null;
            }
            case TREETYPE_NOT_SET -> {
                context.error("no map is set");
                yield null;
            }
        };
    }

    private @Nullable MatchTree<D, A> byValue(
            @Nullable Function<D, @Nullable String> input,
            Map<String, Matcher.OnMatch> map,
            boolean byPrefix,
            @Nullable OnMatch<D, A> otherwise,
            CompileContext context) {
        Map<String, OnMatch<D, A>> values = new HashMap<>();
        for (Map.Entry<String, Matcher.OnMatch> entry : map.entrySet()) {
            OnMatch<D, A> onMatch = onMatch(entry.getValue(), context.at(entry.getKey()));
            if (onMatch != null) {
                values.put(Octets.of(entry.getKey()), onMatch);
            }
        }
        return input == null ? null : new MatchTree.ByValue<>(input, values, byPrefix, otherwise);
    }
}
