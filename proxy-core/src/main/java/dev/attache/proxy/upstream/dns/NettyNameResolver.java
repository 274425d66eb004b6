package dev.attache.proxy.upstream.dns;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
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
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * DNS over UDP (TCP where truncated) by Netty's client: literals, then the hosts file, then the
 * system's servers and search domains or the cluster's own servers. Nothing is cached: refresh
 * rates decide. Confined to the loop it is made with; closed with the process.
 */
public final class NettyNameResolver implements NameResolver, AutoCloseable {

    private final EventLoop loop;
    private final SearchDomains search = SearchDomains.ofSystem();
    private final DefaultHostsFileEntriesResolver hostsFile = new DefaultHostsFileEntriesResolver();
    private final Map<List<Address>, DnsNameResolver> byServers = new HashMap<>();

    public NettyNameResolver(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void resolve(
            String name, LookupFamily family, List<Address> servers, Callback callback) {
        List<Record> known = known(name, family);
        if (!known.isEmpty()) {
            callback.onResolved(known);
            return;
        }
        DnsNameResolver resolver = byServers.computeIfAbsent(servers, this::open);
        new Lookup(resolver, search.candidates(name), family, callback).next();
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

    private DnsNameResolver open(List<Address> servers) {
        boolean epoll = loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
        DnsNameResolverBuilder builder =
                new DnsNameResolverBuilder(loop)
                        .datagramChannelType(
                                epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                        .socketChannelType(
                                epoll ? EpollSocketChannel.class : NioSocketChannel.class)
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
}
