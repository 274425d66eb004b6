#!/usr/bin/env bash
# Netty's DNS resolver reports a refusing server (REFUSED, NOTIMP) exactly as it reports a name without records.
#
# Seen with: io.netty:netty-resolver-dns:4.2.18.Final, DnsNameResolver.resolveAll of one A question, Linux x86_64.
# Expected:  as with SERVFAIL and NXDOMAIN, the cause of the failure carries the response code, so that a caller can tell
#            "there are no addresses" (an answer, RFC 2308) from "this server does not answer you" (keep what is known).
# Behaviour: NOERROR without records, NOTIMP and REFUSED all give an UnknownHostException of the same text without a cause.
# Output seen:
#     NOERROR, no records: UnknownHostException, cause: none
#     SERVFAIL: UnknownHostException, cause: Query failed with SERVFAIL
#     NXDOMAIN: UnknownHostException, cause: Query failed with NXDOMAIN
#     NOTIMP: UnknownHostException, cause: none
#     REFUSED: UnknownHostException, cause: none
# Needs bash, Maven and a JDK (17 or newer). Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-resolver-dns</artifactId><version>4.2.18.Final</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory="$dir/lib" >"$dir/mvn.log" 2>&1 || { cat "$dir/mvn.log"; exit 2; }
cat >"$dir/Ask.java" <<'JAVA'
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

class Ask {
    /** Answers every question with a code and no records. */
    static final class Server extends SimpleChannelInboundHandler<DatagramPacket> {
        private final int code;

        Server(int code) {
            this.code = code;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            ByteBuf query = packet.content();
            int question = query.readerIndex() + 12;
            int end = question;
            while (query.getByte(end) != 0) {
                end += query.getByte(end) + 1;
            }
            ByteBuf reply = ctx.alloc().buffer();
            reply.writeShort(query.getShort(query.readerIndex())).writeShort(0x8180 | code);
            reply.writeShort(1).writeShort(0).writeInt(0).writeBytes(query, question, end + 5 - question);
            ctx.writeAndFlush(new DatagramPacket(reply, packet.sender()));
        }
    }

    public static void main(String[] arguments) throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        String[] names = {"NOERROR, no records", "", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
        for (int code : new int[] {0, 2, 3, 4, 5}) {
            Channel server = new Bootstrap().group(group).channel(NioDatagramChannel.class)
                    .handler(new Server(code)).bind("127.0.0.1", 0).sync().channel();
            DnsNameResolver resolver = new DnsNameResolverBuilder(group.next())
                    .datagramChannelType(NioDatagramChannel.class)
                    .nameServerProvider(new SingletonDnsServerAddressStreamProvider((InetSocketAddress) server.localAddress()))
                    .build();
            Throwable failure = resolver.resolveAll(new DefaultDnsQuestion("name.test.", DnsRecordType.A)).await().cause();
            Throwable cause = failure.getCause();
            System.out.println(names[code] + ": " + failure.getClass().getSimpleName() + ", cause: "
                    + (cause == null ? "none" : cause.getMessage()));
            resolver.close();
            server.close().sync();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
}
JAVA
java -cp "$dir/lib/*" "$dir/Ask.java" 2>"$dir/java.log" | tee "$dir/seen" || { cat "$dir/java.log"; exit 2; }
[ "$(cat "$dir/seen")" = 'NOERROR, no records: UnknownHostException, cause: none
SERVFAIL: UnknownHostException, cause: Query failed with SERVFAIL
NXDOMAIN: UnknownHostException, cause: Query failed with NXDOMAIN
NOTIMP: UnknownHostException, cause: none
REFUSED: UnknownHostException, cause: none' ] || { echo "changed"; exit 1; }
