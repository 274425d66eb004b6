package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DNS over UDP (TCP where truncated) by Netty's client: literals, then the hosts file, then the
 * system's servers and search domains or the cluster's own servers. Nothing is cached: refresh
 * rates decide. Each question has a port of its own, so that who answers it unasked has to guess
 * that as well as the id. Confined to the loop it is made with; closed with the process.
 */
public final class NettyNameResolver implements NameResolver, AutoCloseable {

    private final EventLoop loop;
    private final SearchDomains search;
    private final DefaultHostsFileEntriesResolver hostsFile = new DefaultHostsFileEntriesResolver();
    private @Nullable DnsNameResolver resolver;

    public NettyNameResolver(EventLoop loop) {
        this(loop, SearchDomains.ofSystem());
    }

    NettyNameResolver(EventLoop loop, SearchDomains search) {
        this.loop = loop;
        this.search = search;
    }

    @Override
    public void resolve(String name, LookupFamily family, DnsServers servers, Callback callback) {
        List<Record> known = known(name, family);
        if (!known.isEmpty()) {
            callback.onResolved(known);
            return;
        }
        DnsServerAddressStreamProvider ask =
                servers.addresses().isEmpty()
                        ? DnsServerAddressStreamProviders.platformDefault()
                        : new SequentialDnsServerAddressStreamProvider(
                                servers.addresses().stream()
                                        .map(NettyNameResolver::server)
                                        .toList());
        SearchDomains domains = servers.searches() ? search : SearchDomains.NONE;
        new Lookup(resolver(), ask, domains.candidates(name), family, callback).next();
    }

    /** What needs no server: a literal, or what the hosts file says. */
    private List<Record> known(String name, LookupFamily family) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(name);
        if (literal != null) {
            try {
                return List.of(new Record(InetAddress.getByAddress(literal), 0));
            } catch (UnknownHostException impossible) {
                throw new IllegalArgumentException(name, impossible);
            }
        }
        List<Record> records = new ArrayList<>();
        for (ResolvedAddressTypes types : inOrder(family)) {
            List<InetAddress> addresses = hostsFile.addresses(name, types);
            if (addresses != null) {
                addresses.forEach(each -> records.add(new Record(each, 0)));
            }
            if (!records.isEmpty() && family != LookupFamily.ALL) {
                break;
            }
        }
        return records;
    }

    private static List<ResolvedAddressTypes> inOrder(LookupFamily family) {
        return switch (family) {
            case V4_ONLY -> List.of(ResolvedAddressTypes.IPV4_ONLY);
            case V6_ONLY -> List.of(ResolvedAddressTypes.IPV6_ONLY);
            case V4_PREFERRED ->
                    List.of(ResolvedAddressTypes.IPV4_ONLY, ResolvedAddressTypes.IPV6_ONLY);
            case AUTO, ALL ->
                    List.of(ResolvedAddressTypes.IPV6_ONLY, ResolvedAddressTypes.IPV4_ONLY);
        };
    }

    /** Made with the first name that needs a server. */
    private DnsNameResolver resolver() {
        DnsNameResolver present = resolver;
        if (present == null) {
            present = open();
            resolver = present;
        }
        return present;
    }

    private DnsNameResolver open() {
        boolean epoll = loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
        return new DnsNameResolverBuilder(loop)
                .datagramChannelType(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .socketChannelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .build();
    }

    private static InetSocketAddress server(Address address) {
        if (!(address instanceof IpAddress ip)) {
            throw new IllegalArgumentException("not the address of a DNS server: " + address);
        }
        return (ip.port() == 0 ? ip.withPort(53) : ip).toSocketAddress();
    }

    @Override
    public void close() {
        DnsNameResolver present = resolver;
        if (present != null) {
            present.close();
        }
    }
}
