using System.Text;

namespace Quotient.Data.Formats;

/// <summary>Goes through a text file line by line, with no more of it in memory than its longest line.</summary>
internal sealed class Lines(string name, Stream file)
{
    private const int Start = 1 << 16;

    private byte[] _buffer = new byte[Start];
    private int _begin, _end;
    private bool _ended;

    /// <summary>The number of the last line that was handed out, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The line without its line feed, valid until the next is asked for.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Goes to the next line; false after the last.</summary>
    public bool MoveNext()
    {
        for (int searched = _begin; ;)
        {
            int feed = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                Take(searched + feed, 1);
                return true;
            }

            if (_ended)
            {
                bool any = _begin < _end;
                Take(_end, 0);
                return any;
            }

            int before = _end - _begin;
            Fill();
            searched = _begin + before;
        }
    }

    private void Take(int end, int feed)
    {
        var line = _buffer.AsMemory(_begin, end - _begin);
        _begin = end + feed;
        Number++;
        Current = Number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
    }

    /// <summary>Reads on, moving the line's beginning to the front; the buffer grows only where one line fills it.</summary>
    private void Fill()
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = HostArray.New<byte>(2L * _buffer.Length, () => $"{name}: line {Number + 1}");
            _buffer.CopyTo(larger, 0);
            _buffer = larger;
        }

        int read = file.Read(_buffer, _end, _buffer.Length - _end);
        (_end, _ended) = (_end + read, read == 0);
    }
}
