package dev.attache.proxy.upstream.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One question, put to the name servers in turn until one of them answers it. "No such name" and
 * "no such record" are answers (RFC 2308); every other code (RFC 1035 section 4.1.1: server
 * failure, refused, ...) and silence are failures, after which what was known before stays.
 */
final class DnsExchange {

    /** Longer chains of aliases are taken for loops. */
    private static final int MAX_ALIASES = 16;

    /** Hears the outcome, once, on the resolver's loop. */
    interface Answer {
        void found(List<NameResolver.Record> records);

        /** There is nothing to be found. */
        void nothing(DnsTrouble why);

        void failed(Throwable why);
    }

    private final DnsNameResolver resolver;
    private final DnsQuestion question;
    private final DnsServerAddressStream servers;
    private final Answer answer;
    private int untried;

    DnsExchange(
            DnsNameResolver resolver,
            DnsQuestion question,
            DnsServerAddressStream servers,
            Answer answer) {
        this.resolver = resolver;
        this.question = question;
        this.servers = servers;
        this.answer = answer;
        this.untried = servers.size();
    }

    void start() {
        untried--;
        InetSocketAddress server = servers.next();
        resolver.query(server, question)
                .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) -> {
                    if (!done.isSuccess()) {
                        failed(done.cause());
                        return;
                    }
                    AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = done.getNow();
                    try {
                        read(envelope.content(), server);
                    } finally {
                        envelope.release();
                    }
                });
    }

    private void read(DnsResponse response, InetSocketAddress server) {
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.NXDOMAIN)) {
            answer.nothing(DnsTrouble.NO_SUCH_NAME);
            return;
        }
        if (!code.equals(DnsResponseCode.NOERROR)) {
            failed(
                    new DnsTrouble.Failure(
                            DnsTrouble.of(code),
                            question.name() + ": " + server + " answered " + code));
            return;
        }
        List<NameResolver.Record> records;
        try {
            records = records(response);
        } catch (UnknownHostException | RuntimeException malformed) {
            failed(malformed);
            return;
        }
        answer.found(records);
    }

    private void failed(Throwable why) {
        if (untried > 0) {
            start();
        } else {
            answer.failed(why);
        }
    }

    /** The records of the name, or of what it is an alias of. Those of other names do not count. */
    private List<NameResolver.Record> records(DnsResponse response) throws UnknownHostException {
        Map<String, String> aliases = new HashMap<>();
        int count = response.count(DnsSection.ANSWER);
        for (int i = 0; i < count; i++) {
            DnsRecord each = response.recordAt(DnsSection.ANSWER, i);
            if (each instanceof DnsRawRecord alias && each.type().equals(DnsRecordType.CNAME)) {
                ByteBuf name = alias.content().duplicate();
                aliases.put(key(each.name()), key(DefaultDnsRecordDecoder.decodeName(name)));
            }
        }
        String owner = key(question.name());
        for (int i = 0; i < MAX_ALIASES && aliases.containsKey(owner); i++) {
            owner = aliases.get(owner);
        }
        List<DnsRecord> own = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DnsRecord each = response.recordAt(DnsSection.ANSWER, i);
            if (key(each.name()).equals(owner)) {
                own.add(each);
            }
        }
        return Lookup.addresses(own, question.type());
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
