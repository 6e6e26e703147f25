import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Sends a JSON body to a URL with the JDK's own client, and prints the status. Arguments: URL, API key, body, publisher. */
public class Post {
    public static void main(String[] arguments) throws Exception {
        byte[] body = arguments[2].getBytes("UTF-8");
        BodyPublisher publisher = arguments[3].equals("chunked")
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
            : BodyPublishers.ofByteArray(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
            .header("x-api-key", arguments[1])
            .header("Content-Type", "application/json")
            .POST(publisher)
            .build();
        System.out.print(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode());
    }
}
