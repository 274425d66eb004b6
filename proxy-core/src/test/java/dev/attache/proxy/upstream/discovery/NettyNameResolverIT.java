package dev.attache.proxy.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a DNS server of our own on loopback. */
@Timeout(60)
final class NettyNameResolverIT {

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<String>> zone = new ConcurrentHashMap<>();
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final Channel server = serve();
    private final NettyNameResolver resolver =
            new NettyNameResolver(group.next(), new SearchDomains(List.of("corp.test."), 1));

    @AfterEach
    void close() throws Exception {
        group.next().submit(resolver::close).get();
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
    }

    private Channel serve() {
        return new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(
                                                new DatagramDnsQueryDecoder(),
                                                new DatagramDnsResponseEncoder(),
                                                new Answers());
                            }
                        })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /**
     * {@code A name.} gives addresses; {@code SERVFAIL} fails; what is not there does not exist.
     */
    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            String key = question.type().name() + " " + question.name();
            asked.merge(key, 1, Integer::sum);
            DatagramDnsResponse response =
                    new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.addRecord(DnsSection.QUESTION, question);
            List<String> values = zone.get(key);
            if (values == null) {
                response.setCode(DnsResponseCode.NXDOMAIN);
            } else if (values.contains("SERVFAIL")) {
                response.setCode(DnsResponseCode.SERVFAIL);
            } else if (values.contains("REFUSED")) {
                response.setCode(DnsResponseCode.REFUSED);
            } else {
                for (String value : values) {
                    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(value);
                    DnsRecordType type = bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
                    String owner = owners.getOrDefault(question.name(), question.name());
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(owner, type, 7, Unpooled.wrappedBuffer(bytes)));
                }
            }
            ctx.writeAndFlush(response);
        }
    }

    private List<String> resolve(String name, LookupFamily family) throws Exception {
        return resolve(name, family, true);
    }

    private List<String> resolve(String name, LookupFamily family, boolean searches)
            throws Exception {
        CompletableFuture<List<NameResolver.Record>> answer = new CompletableFuture<>();
        IpAddress own = IpAddress.of((InetSocketAddress) server.localAddress());
        DnsServers servers = new DnsServers(List.of(own), searches);
        group.next()
                .execute(() ->
                        resolver.resolve(
                                name,
                                family,
                                servers,
                                new NameResolver.Callback() {
                                    @Override
                                    public void onResolved(List<NameResolver.Record> records) {
                                        answer.complete(records);
                                    }

                                    @Override
                                    public void onFailed(Throwable why) {
                                        answer.completeExceptionally(why);
                                    }
                                }));
        return answer.get(20, TimeUnit.SECONDS).stream()
                .map(each -> each.address().getHostAddress() + "/" + each.ttlSeconds())
                .toList();
    }

    @Test
    void searchDomainsAreLeftOutWhereTheyAreNotWanted() throws Exception {
        zone.put("A host.corp.test.", List.of("10.0.0.9"));
        assertThat(resolve("host", LookupFamily.V4_ONLY, false)).isEmpty();
        assertThat(asked).containsOnlyKeys("A host.");
        assertThat(resolve("host", LookupFamily.V4_ONLY, true)).containsExactly("10.0.0.9/7");
    }

    @Test
    void familiesAreAskedAsConfigured() throws Exception {
        zone.putAll(
                new HashMap<>(
                        Map.of(
                                "A both.test.", List.of("10.0.0.1", "10.0.0.2"),
                                "AAAA both.test.", List.of("::5"),
                                "A four.test.", List.of("10.0.0.4"))));
        assertThat(resolve("both.test.", LookupFamily.V4_ONLY))
                .containsExactly("10.0.0.1/7", "10.0.0.2/7");
        assertThat(resolve("both.test.", LookupFamily.V6_ONLY))
                .containsExactly("0:0:0:0:0:0:0:5/7");
        assertThat(resolve("both.test.", LookupFamily.AUTO)).containsExactly("0:0:0:0:0:0:0:5/7");
        assertThat(resolve("both.test.", LookupFamily.V4_PREFERRED)).hasSize(2);
        assertThat(resolve("both.test.", LookupFamily.ALL)).hasSize(3);
        assertThat(resolve("four.test.", LookupFamily.AUTO)).containsExactly("10.0.0.4/7");
        assertThat(asked).containsEntry("AAAA four.test.", 1).containsEntry("A four.test.", 1);
    }

    @Test
    void whatDoesNotExistIsAnEmptyAnswer() throws Exception {
        assertThat(resolve("nowhere.test.", LookupFamily.AUTO)).isEmpty();
        zone.put("A empty.test.", List.of());
        assertThat(resolve("empty.test.", LookupFamily.V4_ONLY)).isEmpty();
    }

    @Test
    void aServerThatFailsIsAFailure() {
        for (String code : List.of("SERVFAIL", "REFUSED")) {
            zone.put("A broken.test.", List.of(code));
            assertThatThrownBy(() -> resolve("broken.test.", LookupFamily.V4_ONLY))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining(
                            String.valueOf(
                                    DnsResponseCode.valueOf("SERVFAIL".equals(code) ? 2 : 5)));
        }
    }

    @Test
    void addressesOfOtherNamesDoNotCount() throws Exception {
        zone.put("A asked.test.", List.of("192.0.2.1"));
        owners.put("asked.test.", "other.test.");
        assertThat(resolve("asked.test.", LookupFamily.V4_ONLY)).isEmpty();
    }

    @Test
    void whatIsNoNameIsAFailureAndAsksNobody() {
        for (String name : List.of("a..b", "x".repeat(64) + ".test.", "x.".repeat(130))) {
            assertThatThrownBy(() -> resolve(name, LookupFamily.ALL))
                    .isInstanceOf(ExecutionException.class);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void literalsAndTheHostsFileNeedNoServer() throws Exception {
        assertThat(resolve("192.0.2.7", LookupFamily.AUTO)).containsExactly("192.0.2.7/0");
        assertThat(resolve("localhost", LookupFamily.V4_ONLY)).contains("127.0.0.1/0");
        assertThat(asked).isEmpty();
    }
}
