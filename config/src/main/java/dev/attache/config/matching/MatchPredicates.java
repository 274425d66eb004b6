package dev.attache.config.matching;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.matching.InputMatcher;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.matching.MatchPredicate;
import dev.attache.proxy.matching.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a {@code matcher_list}; a null answer means that the error has been reported.
 *
 * @param <D> what they look at
 */
final class MatchPredicates<D> {
    private final MatchTrees.Reader<MatchInput<D>> inputs;

    MatchPredicates(MatchTrees.Reader<MatchInput<D>> inputs) {
        this.inputs = inputs;
    }

    @Nullable MatchPredicate<D> compile(Predicate predicate, CompileContext context) {
        return switch (predicate.getMatchTypeCase()) {
            case SINGLE_PREDICATE ->
                    single(predicate.getSinglePredicate(), context.at("single_predicate"));
            case AND_MATCHER ->
                    new MatchPredicate.All<>(
                            list(predicate.getAndMatcher(), context.at("and_matcher")));
            case OR_MATCHER ->
                    MatchPredicate.any(list(predicate.getOrMatcher(), context.at("or_matcher")));
            case NOT_MATCHER -> {
                var one = compile(predicate.getNotMatcher(), context.at("not_matcher"));
                yield one == null ? null : new MatchPredicate.Not<>(one);
            }
            case MATCHTYPE_NOT_SET -> {
                context.error("no predicate is set");
                yield null;
            }
        };
    }

    private List<MatchPredicate<D>> list(Predicate.PredicateList list, CompileContext context) {
        List<MatchPredicate<D>> predicates = new ArrayList<>();
        for (int i = 0; i < list.getPredicateCount(); i++) {
            MatchPredicate<D> one = compile(list.getPredicate(i), context.at("predicate", i));
            if (one != null) {
                predicates.add(one);
            }
        }
        return predicates;
    }

    private @Nullable MatchPredicate<D> single(
            Predicate.SinglePredicate single, CompileContext context) {
        MatchInput<D> input = inputs.read(single.getInput(), context.at("input"));
        InputMatcher matcher = matcher(single, context);
        if (input == null || matcher == null) {
            return null;
        }
        if (!matcher.kinds().contains(input.kind())) {
            context.error(
                    "Unsupported data input type: "
                            + input.kind()
                            + ". The matcher supports input type: "
                            + String.join(", ", matcher.kinds()));
            return null;
        }
        return new MatchPredicate.Single<>(input, matcher);
    }

    private static @Nullable InputMatcher matcher(
            Predicate.SinglePredicate single, CompileContext context) {
        return switch (single.getMatcherCase()) {
            case VALUE_MATCH -> {
                StringMatcher value = value(single.getValueMatch(), context.at("value_match"));
                yield value == null ? null : new InputMatcher.Value(value);
            }
            case CUSTOM_MATCH ->
                    context.at("custom_match")
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.INPUT_MATCHER,
                                    InputMatcher.class,
                                    single.getCustomMatch().getName(),
                                    single.getCustomMatch().getTypedConfig());
            case MATCHER_NOT_SET -> {
                context.error("no matcher is set");
                yield null;
            }
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
}
