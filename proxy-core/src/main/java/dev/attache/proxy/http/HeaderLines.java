package dev.attache.proxy.http;

/** Headers as the process log shows them: {@code 'name', 'value'}, one per line. Stateless. */
public final class HeaderLines {

    private HeaderLines() {}

    public static String of(Headers headers) {
        StringBuilder out = new StringBuilder(headers.byteSize() + headers.size() * 7);
        for (int i = 0; i < headers.size(); i++) {
            out.append('\'').append(headers.name(i)).append("', '");
            out.append(headers.value(i)).append("'\n");
        }
        return out.toString();
    }
}
