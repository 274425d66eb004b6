package dev.attache.filters.network.ratelimit;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.ratelimit.Descriptor.HeadersOption;
import dev.attache.proxy.ratelimit.DescriptorKey;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter as configured. Immutable.
 *
 * @param service with the time that it has
 * @param descriptors what a connection counts as, each of some entries
 * @param enabled share of the connections that are asked about
 * @param enforced share of those too many that are closed
 * @param deny whether a connection is closed where the service cannot be asked
 */
record NetworkRateLimitSpec(
        String statPrefix,
        GrpcService service,
        String domain,
        List<List<Entry>> descriptors,
        Fraction enabled,
        Fraction enforced,
        boolean deny)
        implements NetworkFilterSpec {

    /** One entry. */
    record Entry(String key, Formatter value) {}

    NetworkRateLimitSpec {
        descriptors = List.copyOf(descriptors);
    }

    List<Descriptor> descriptors(FormatContext about) {
        List<Descriptor> made = new ArrayList<>(descriptors.size());
        for (List<Entry> entries : descriptors) {
            List<String> texts = new ArrayList<>(2 * entries.size());
            for (Entry entry : entries) {
                texts.add(entry.key());
                texts.add(entry.value().format(about));
            }
            made.add(
                    new Descriptor(
                            DescriptorKey.of(texts), -1, false, HeadersOption.UNSPECIFIED, null));
        }
        return made;
    }

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        NetworkRateLimitStats stats =
                new NetworkRateLimitStats(
                        context.ownScope("ratelimit." + statPrefix + "."),
                        context.worker().index());
        return NetworkFilterFactory.asking(
                "the rate limit service at " + service.cluster(),
                connection -> new NetworkRateLimitFilter(this, stats, context, connection));
    }
}
