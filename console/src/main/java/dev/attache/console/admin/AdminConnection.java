package dev.attache.console.admin;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One connection for one exchange of HTTP/1.1. Blocks, within a {@link TimeLimit}. */
final class AdminConnection implements AutoCloseable {

    private static final int LONGEST_LINE = 1 << 16;

    private final Closeable socket;
    private final InputStream in;
    private final OutputStream out;

    private AdminConnection(Closeable socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = out;
    }

    /**
     * @throws ConnectException where nobody listens
     */
    static AdminConnection open(
            AdminAddress address,
            @Nullable SSLSocketFactory tls,
            @Nullable String serverName,
            TimeLimit limit)
            throws IOException {
        return switch (address) {
            case AdminAddress.Unix unix -> unix(unix, limit);
            case AdminAddress.Tcp tcp -> {
                Socket plain = connect(tcp, limit);
                Socket spoken = tls == null ? plain : secured(plain, tcp, tls, serverName);
                yield new AdminConnection(
                        spoken, spoken.getInputStream(), spoken.getOutputStream());
            }
        };
    }

    private static AdminConnection unix(AdminAddress.Unix address, TimeLimit limit)
            throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        limit.guard(channel);
        try {
            channel.connect(UnixDomainSocketAddress.of(address.path()));
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw notThere(String.valueOf(e.getMessage()), e);
        }
        return new AdminConnection(
                channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    private static Socket connect(AdminAddress.Tcp address, TimeLimit limit) throws IOException {
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(address.host());
        } catch (UnknownHostException e) {
            throw notThere("the name " + address.host() + " is not known", e);
        }
        IOException first = null;
        for (InetAddress each : all) {
            Socket socket = new Socket();
            limit.guard(socket);
            try {
                socket.connect(new InetSocketAddress(each, address.port()));
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.close();
                first = first == null ? e : first;
            }
        }
        if (limit.isOver()) {
            throw new IOException("no connection in time", first);
        }
        throw notThere(first == null ? "no address" : String.valueOf(first.getMessage()), first);
    }

    private static ConnectException notThere(String why, @Nullable Exception cause) {
        ConnectException failure = new ConnectException(why);
        failure.initCause(cause);
        return failure;
    }

    private static Socket secured(
            Socket plain, AdminAddress.Tcp address, SSLSocketFactory tls, @Nullable String name)
            throws IOException {
        String host = name == null ? address.host() : name;
        try {
            SSLSocket secure = (SSLSocket) tls.createSocket(plain, host, address.port(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    void write(byte[] request) throws IOException {
        out.write(request);
        out.flush();
    }

    /** The whole answer. */
    AdminReply read(boolean toHead) throws IOException {
        String[] first = line().split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            throw new IOException("what answers there does not speak HTTP/1.1");
        }
        long length = -1;
        boolean chunked = false;
        String type = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = Math.max(0, line.indexOf(':'));
            String value = line.substring(Math.min(line.length(), colon + 1)).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "content-type" -> type = value;
                default -> {
                    // Nothing that matters here.
                }
            }
        }
        byte[] body =
                toHead
                        ? new byte[0]
                        : chunked ? chunks() : length < 0 ? in.readAllBytes() : sized(length);
        return new AdminReply(
                Integer.parseInt(first[1]), type, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] sized(long length) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(length));
        if (bytes.length < length) {
            throw new EOFException("the answer ends in its middle");
        }
        return bytes;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            long size = number(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                return all.toByteArray();
            }
            all.write(sized(size));
            line();
        }
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException("malformed length \"" + text + "\"", e);
        }
        throw new IOException("a length of " + text + " is not taken");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ends without an answer");
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("what answers there does not speak HTTP/1.1");
            }
            line.append((char) next);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
                ? line.substring(0, length - 1)
                : line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
