using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quotient.Tests.Data;

/// <summary>A server on the loopback address that answers every connection with the same bytes, be they HTTP or not.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;

    public RawServer(string answer)
    {
        _answer = Encoding.Latin1.GetBytes(answer);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = Task.Run(Serve);
    }

    public string Address { get; }

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                // The request is read first, so that closing does not throw the answer away.
                _ = await client.GetStream().ReadAsync(new byte[1 << 16]);
                await client.GetStream().WriteAsync(_answer);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended.
        }
    }
}
