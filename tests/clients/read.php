<?php
// php read.php <file>: what Horde_Feed (PHP's DOM) reads, as JSON.
error_reporting(E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE);  // the library is older than the PHP it runs on
set_include_path('/usr/share/php');
spl_autoload_register(function ($class) { @include_once str_replace(['_', '\\'], '/', $class) . '.php'; });
$found = [];
foreach (Horde_Feed::read(file_get_contents($argv[1])) as $entry) {
    $node = $entry->getDom();
    $one = function ($name) use ($node) { $list = $node->getElementsByTagName($name); return $list->length ? $list->item(0)->textContent : null; };
    if ($entry instanceof Horde_Feed_Entry_Rss) {
        $enclosure = $node->getElementsByTagName('enclosure');
        $found[] = ['id' => $entry->guid(), 'title' => $entry->title(), 'link' => $entry->link(),
            'date' => gmdate('Y-m-d\TH:i:s\Z', strtotime($entry->pubDate())), 'content' => $one('encoded'),
            'image' => $enclosure->length ? $enclosure->item(0)->getAttribute('url') : null, 'author' => $one('creator')];
    } else {
        $found[] = ['id' => $entry->id(), 'title' => $entry->title(), 'link' => $entry->link('alternate'), 'date' => $one('published'),
            'updated' => $one('updated'), 'content' => $one('content'), 'image' => $entry->link('enclosure') ?: null, 'author' => $one('name')];
    }
}
echo json_encode($found, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
