package dev.attache.filters.network.ratelimit;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.network.ratelimit.NetworkRateLimitSpec.Entry;
import dev.attache.filters.ratelimit.RateLimitServiceFactory;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.filters.network.ratelimit.v3.RateLimit;
import java.util.ArrayList;
import java.util.List;

/** Compiles {@code envoy.filters.network.ratelimit}. */
public final class NetworkRateLimitFactory
        implements ExtensionCompiler<RateLimit, NetworkFilterSpec> {
    @Override
    public RateLimit prototype() {
        return RateLimit.getDefaultInstance();
    }

    @Override
    public Compiled<NetworkFilterSpec> compile(RateLimit proto, CompileContext context) {
        GrpcService service =
                RateLimitServiceFactory.compile(
                        proto.getRateLimitService(),
                        proto.hasTimeout() ? proto.getTimeout() : null,
                        context);
        if (service == null) {
            return context.result(null);
        }
        List<List<Entry>> descriptors = new ArrayList<>(proto.getDescriptorsCount());
        for (int i = 0; i < proto.getDescriptorsCount(); i++) {
            descriptors.add(entries(proto.getDescriptors(i), context.at("descriptors", i)));
        }
        return context.result(
                new NetworkRateLimitSpec(
                        proto.getStatPrefix(),
                        service,
                        Octets.of(proto.getDomain()),
                        descriptors,
                        share("ratelimit.tcp_filter_enabled", context),
                        share("ratelimit.tcp_filter_enforcing", context),
                        proto.getFailureModeDeny()));
    }

    private static List<Entry> entries(RateLimitDescriptor descriptor, CompileContext context) {
        List<Entry> entries = new ArrayList<>(descriptor.getEntriesCount());
        for (int i = 0; i < descriptor.getEntriesCount(); i++) {
            RateLimitDescriptor.Entry entry = descriptor.getEntries(i);
            Formatter value =
                    SubstitutionFormats.parse(
                            entry.getValue(), context.at("entries", i).at("value"));
            if (value != null) {
                entries.add(new Entry(Octets.of(entry.getKey()), value));
            }
        }
        return entries;
    }

    private static Fraction share(String key, CompileContext context) {
        return context.settings().runtime().fraction(key).orElse(Fraction.ALWAYS);
    }
}
