"""Volume for load tests comes from the same grammar, without end."""

from itertools import islice

from voc.demo.many import stream_comments
from voc.demo.story import Story


def test_the_stream_gives_as_many_as_asked_with_ids_of_their_own(story: Story) -> None:
    comments = list(stream_comments(3000, 1, story.accounts))
    assert len({comment.source_id for comment in comments}) == 3000


def test_the_same_arguments_give_the_same_stream(story: Story) -> None:
    again = [list(stream_comments(200, 4, story.accounts)) for _ in range(2)]
    assert again[0] == again[1]


def test_nearly_all_texts_of_the_stream_differ(story: Story) -> None:
    texts = {comment.text for comment in stream_comments(5000, 2, story.accounts)}
    assert len(texts) > 4000


def test_a_few_can_be_taken_from_a_long_stream(story: Story) -> None:
    assert len(list(islice(stream_comments(1000, 3, story.accounts), 5))) == 5
