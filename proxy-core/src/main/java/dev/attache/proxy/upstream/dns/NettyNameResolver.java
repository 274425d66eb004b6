package dev.attache.proxy.upstream.dns;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DNS over UDP (TCP where truncated) by Netty's client, with the system's servers, search domains and
 * hosts file. Nothing is cached: refresh rates decide. Confined to the loop it is made with; closed
 * with the process.
 */
public final class NettyNameResolver implements NameResolver, AutoCloseable {

    private final EventLoop loop;
    private final Class<? extends DatagramChannel> udp;
    private final Class<? extends SocketChannel> tcp;
    private final Map<List<Address>, DnsNameResolver> byServers = new HashMap<>();

    /**
     * @param udp channel type of the loop for UDP
     * @param tcp channel type of the loop for truncated answers
     */
    public NettyNameResolver(
            EventLoop loop,
            Class<? extends DatagramChannel> udp,
            Class<? extends SocketChannel> tcp) {
        this.loop = loop;
        this.udp = udp;
        this.tcp = tcp;
    }

    @Override
    public void resolve(
            String name, LookupFamily family, List<Address> servers, Callback callback) {
        DnsNameResolver resolver = byServers.computeIfAbsent(servers, this::open);
        new Lookup(resolver, name, callback).start(family);
    }

    private DnsNameResolver open(List<Address> servers) {
        DnsNameResolverBuilder builder =
                new DnsNameResolverBuilder(loop)
                        .datagramChannelType(udp)
                        .socketChannelType(tcp)
                        .resolveCache(NoopDnsCache.INSTANCE)
                        .cnameCache(NoopDnsCnameCache.INSTANCE)
                        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED);
        if (!servers.isEmpty()) {
            builder.nameServerProvider(
                    new SequentialDnsServerAddressStreamProvider(
                            servers.stream().map(NettyNameResolver::server).toList()));
        }
        return builder.build();
    }

    private static InetSocketAddress server(Address address) {
        if (!(address instanceof IpAddress ip)) {
            throw new IllegalArgumentException("not the address of a DNS server: " + address);
        }
        return (ip.port() == 0 ? ip.withPort(53) : ip).toSocketAddress();
    }

    @Override
    public void close() {
        byServers.values().forEach(DnsNameResolver::close);
        byServers.clear();
    }

    /** One question of ours, which may be several of DNS. */
    private static final class Lookup {
        private final DnsNameResolver resolver;
        private final String name;
        private final Callback callback;
        private final List<Record> found = new ArrayList<>();
        private @Nullable Throwable failure;

        Lookup(DnsNameResolver resolver, String name, Callback callback) {
            this.resolver = resolver;
            this.name = name;
            this.callback = callback;
        }

        void start(LookupFamily family) {
            switch (family) {
                case V4_ONLY -> ask(DnsRecordType.A, this::finish);
                case V6_ONLY -> ask(DnsRecordType.AAAA, this::finish);
                case AUTO -> ask(DnsRecordType.AAAA, () -> elseAsk(DnsRecordType.A));
                case V4_PREFERRED -> ask(DnsRecordType.A, () -> elseAsk(DnsRecordType.AAAA));
                case ALL ->
                        ask(DnsRecordType.AAAA, () -> ask(DnsRecordType.A, this::finish));
            }
        }

        private void elseAsk(DnsRecordType type) {
            if (found.isEmpty()) {
                ask(type, this::finish);
            } else {
                finish();
            }
        }

        private void finish() {
            Throwable why = failure;
            if (found.isEmpty() && why != null) {
                callback.onFailed(why);
            } else {
                callback.onResolved(List.copyOf(found));
            }
        }

        private void ask(DnsRecordType type, Runnable then) {
            String absolute = name.endsWith(".") ? name : name + ".";
            resolver.resolveAll(new DefaultDnsQuestion(absolute, type))
                    .addListener(
                            (Future<List<DnsRecord>> answer) -> {
                                if (answer.isSuccess()) {
                                    collect(answer.getNow(), type);
                                } else if (!saysNoSuchName(answer.cause())) {
                                    failure = answer.cause();
                                }
                                then.run();
                            });
        }

        /** NXDOMAIN and NODATA are answers, not failures: there is nothing at this name. */
        private static boolean saysNoSuchName(Throwable why) {
            for (Throwable cause = why; cause != null; cause = cause.getCause()) {
                if (cause instanceof DnsErrorCauseException error) {
                    return error.getCode().intValue() == 3 || error.getCode().intValue() == 0;
                }
            }
            return false;
        }

        private void collect(List<DnsRecord> records, DnsRecordType type) {
            try {
                for (DnsRecord each : records) {
                    if (each instanceof DnsRawRecord raw && each.type().equals(type)) {
                        found.add(new Record(address(raw), each.timeToLive()));
                    }
                }
            } catch (UnknownHostException malformed) {
                failure = malformed;
            } finally {
                records.forEach(ReferenceCountUtil::release);
            }
        }

        private InetAddress address(ByteBufHolder raw) throws UnknownHostException {
            ByteBuf content = raw.content();
            byte[] bytes = new byte[content.readableBytes()];
            content.getBytes(content.readerIndex(), bytes);
            return InetAddress.getByAddress(name, bytes);
        }
    }
}
