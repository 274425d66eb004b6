package dev.attache.proxy.matching;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.explain.Explanation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.type.matcher.v3.IPMatcher}: by the longest range around an address that picks
 * something; of equal ranges the first.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
final class IpRangeMap<D, A> implements MatchTree<D, A> {

    private final MatchInput<D> input;
    private final IpRangeTrie<List<Range<D, A>>> ranges = new IpRangeTrie<>();
    private final @Nullable OnMatch<D, A> otherwise;

    /**
     * @param ranges in the order of the configuration
     * @param otherwise {@code on_no_match}
     */
    IpRangeMap(MatchInput<D> input, List<Range<D, A>> ranges, @Nullable OnMatch<D, A> otherwise) {
        this.input = input;
        this.otherwise = otherwise;
        for (Range<D, A> range : ranges) {
            this.ranges.computeIfAbsent(range.range(), () -> new ArrayList<>(1)).add(range);
        }
    }

    @Override
    public MatchResult<A> match(D data) {
        Object value = input.get(data);
        if (value == MatchInput.NOT_YET) {
            return MatchResult.undecided();
        }
        MatchResult<A> found =
                value instanceof String text && IpAddress.isLiteral(text)
                        ? around(IpAddress.parse(text, 0).ip(), data)
                        : MatchResult.none();
        return found.ends() ? found : OnMatch.takeIfThere(otherwise, data);
    }

    private MatchResult<A> around(InetAddress address, D data) {
        boolean first = true;
        IpRangeTrie.Node<List<Range<D, A>>> node = ranges.longest(address);
        while (node != null) {
            List<Range<D, A>> equal = node.value();
            for (int i = 0; i < equal.size(); i++) {
                Range<D, A> range = equal.get(i);
                if (first || !range.exclusive()) {
                    MatchResult<A> found = range.onMatch().take(data);
                    if (found.ends()) {
                        return found;
                    }
                }
                first = false;
            }
            node = node.wider();
        }
        return MatchResult.none();
    }

    @Override
    public void explain(D data, Explanation into) {
        into.say("kind", "ip_matcher")
                .say("value", String.valueOf(input.get(data)))
                .say("outcome", match(data).outcome());
    }
}
